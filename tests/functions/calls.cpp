/*
 * SPDX-License-Identifier: MIT
 * Functions: C++ whose names tell apart by class, argument and enclosing function alone.
 */
#include <cstdio>

namespace grid
{
struct Mesh {
    __attribute__((noinline)) void update(int) { std::puts("mesh"); }
    __attribute__((noinline)) void update(const char *) { std::puts("text"); }
};
template <class Type> struct List {
    __attribute__((noinline)) void update(Type) { std::puts("list"); }
};
} // namespace grid

int main()
{
    grid::Mesh mesh;
    auto lambda = [](int) __attribute__((noinline)) { std::puts("lambda"); };

    mesh.update(1);
    mesh.update("");
    grid::List<int>().update(1);
    lambda(1);
    return 0;
}
