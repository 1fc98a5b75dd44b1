/*
 * SPDX-License-Identifier: MIT
 * e2e: names of C++ functions carry their class, and lambdas the function that they are in; every compiler gives the same.
 */
#include <cstdio>

#include <wick/wick.h>

#if defined(__cpp_char8_t)
#define PLACE u8"größe"
#else
#define PLACE "größe"
#endif

namespace shop
{
struct Mesh {
    Mesh() { WICK_FUNCTION(); }
    ~Mesh() { WICK_FUNCTION(); }
    Mesh(const Mesh &) = delete;
    void update(int) const { WICK_FUNCTION(); }
    bool operator<(const Mesh &) const
    {
        WICK_FUNCTION();
        return true;
    }
    void operator()(int) const { WICK_FUNCTION(); }
    explicit operator bool() const
    {
        WICK_FUNCTION();
        return true;
    }
    int (*chooses(int))(int)
    {
        WICK_FUNCTION();
        return nullptr;
    }
};

template <class Type> struct List {
    void update(Type) { WICK_FUNCTION(); }
    struct Place {
        void go()
        {
            WICK_FUNCTION();
            WICK_SCOPE(PLACE);
        }
    };
};

namespace
{
template <class Type, int count> Type hidden(Type value)
{
    WICK_FUNCTION();
    struct Local {
        void go() { WICK_FUNCTION(); }
    };
    Local().go();
    return value;
}
} // namespace
} // namespace shop

extern "C" void plain(void)
{
    WICK_FUNCTION();
}

int main()
{
    WICK_FUNCTION();
    {
        shop::Mesh mesh;
        mesh.update(1);
        mesh(1);
        bool less = mesh < mesh;
        std::printf("%d %d\n", less, static_cast<bool>(mesh));
        mesh.chooses(1);
    }
    shop::List<int>().update(1);
    shop::List<const char *>().update("");
    shop::List<shop::List<int>>::Place().go();
    shop::hidden<int, 3>(1);
    plain();
    auto outer = [](int) {
        WICK_FUNCTION();
        auto inner = [] { WICK_FUNCTION(); };
        inner();
    };
    outer(1);
    return 0;
}
