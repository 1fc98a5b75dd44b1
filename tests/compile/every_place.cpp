/*
 * SPDX-License-Identifier: MIT
 * The macros where only C++ has places: lambdas, templates, members, constructors, exceptions,
 * namespaces, inline functions, and with types that C does not have.
 */
#include <wick/wick.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace place {

template <typename T> T templated(T value)
{
    WICK_SCOPE("template");
    WICK_SCOPEF("template of %zu bytes", sizeof(T));
    WICK_VALUE(value);
    return WICK_CALL("in a template", value + value);
}

template <int N> struct counted {
    static int count()
    {
        WICK_FUNCTION();
        WICK_COUNTER("n", N);
        return N;
    }
};

class member {
  public:
    member() : text_("x")
    {
        WICK_SCOPE("constructor");
    }
    ~member()
    {
        WICK_SCOPE("destructor");
    }
    inline const std::string &text() const
    {
        WICK_FUNCTION();
        return text_;
    }
    bool operator==(const member &other) const
    {
        WICK_FUNCTION();
        return WICK_WRAP(text_.compare(other.text_)) == 0;
    }

  private:
    std::string text_;
};

inline int lambdas(int n)
{
    auto plain = [](int value) {
        WICK_SCOPE("lambda");
        return value + 1;
    };
    auto capturing = [&](int value) -> int {
        WICK_SCOPEF("lambda %d", n);
        WICK_MARK("inside");
        return WICK_CALL("nested", plain(value) + n);
    };
    return [n, capturing] { WICK_SCOPE("called at once"); return capturing(n); }();
}

inline int exceptions(int n)
{
    try {
        WICK_SCOPE("left by an exception");
        if (n > 3) {
            throw std::runtime_error("too many");
        }
    } catch (const std::exception &error) {
        WICK_FAILF("caught: %s", error.what());
        WICK_FAIL(error.what());
    }
    return n;
}

inline std::size_t loops(const std::vector<std::string> &names)
{
    std::size_t bytes = 0;

    for (const auto &name : names) {
        WICK_SCOPEF("name %s", name.c_str());
        WICK_SCOPE_DYN(name.c_str());
        WICK_VALUE(name.size());
        bytes += WICK_CALL("a string by value", std::string(name + "x")).size();
    }
    return bytes;
}

} // namespace place

int every_place(int n);

static int at_start = [] { return WICK_CALL("before main", 3); }();

int every_place(int n)
{
    place::member one, two;
    WICK_SCOPE_AS(whole, "whole");
    auto inside = [&whole] { return wick_elapsed_ns(&whole); };

    if (inside() > 3) {
        WICK_END(whole);
    }
    return place::templated(n) + static_cast<int>(place::templated(2.5)) +
           place::counted<3>::count() + place::counted<4>::count() + place::lambdas(n) +
           place::exceptions(n) + static_cast<int>(place::loops({one.text()})) + (one == two) + at_start;
}
