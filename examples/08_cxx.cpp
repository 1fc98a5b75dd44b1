/* c++ 08_cxx.cpp $(pkg-config --cflags --libs wick) -o 08_cxx && WICK_LOG=run.ctxt ./08_cxx && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: the same macros in C++: templates, lambdas, exceptions
 * Nothing is different. A scope that an exception leaves fails; WICK_FAIL says why, where the exception is known.
 */
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <wick/wick.h>

template <typename T> static T sum(const std::vector<T> &values)
{
    WICK_FUNCTION();
    WICK_VALUE(values.size());
    return std::accumulate(values.begin(), values.end(), T());
}

static int parse(const std::string &text)
{
    WICK_SCOPEF("parse \"%s\"", text.c_str());
    try {
        return WICK_CALL("std::stoi", std::stoi(text));
    } catch (const std::exception &error) {
        WICK_FAIL(error.what()); /* copied */
        throw;
    }
}

int main()
{
    WICK_SCOPE("main");
    auto parse_or_zero = [](const std::string &text) {
        WICK_SCOPE("lambda");
        try {
            return parse(text);
        } catch (const std::invalid_argument &) {
            return 0;
        }
    };
    std::vector<int> numbers;

    for (const char *text : {"1", "2", "three", "4"}) {
        numbers.push_back(parse_or_zero(text));
    }
    return WICK_WRAP(sum(numbers)) == 7 && sum(std::vector<double>{0.5, 1.5}) == 2.0 ? 0 : 1;
}
