/*
 * SPDX-License-Identifier: MIT
 * introduces: a CMake project in C++; exceptions and destructors
 * Two tills sell from one stock. Some cards are declined, for good or until the second attempt; some shelves are empty.
 */
#include <array>
#include <cstdio>
#include <thread>
#include <vector>

#include "shop_orders.hpp"

static bool sell(stock &shelves, const order &what)
{
    WICK_SCOPEF("order %d", what.number);
    try {
        reservation reserved(shelves, what);

        retried(2, [&what](int attempt) { pay(what, attempt * 50); });
        reserved.keep();
        return true;
    } catch (const declined &reason) {
        WICK_FAIL(reason.what());
    } catch (const std::out_of_range &) {
        WICK_MARK("sold out");
    }
    return false;
}

static int till(const char *name, stock &shelves, const std::vector<order> &orders)
{
    int sold = 0;

    wick_thread_name(name);
    WICK_FUNCTION();
    for (const order &what : orders) {
        sold += sell(shelves, what);
    }
    WICK_COUNTER_ADD("sold", sold);
    return sold;
}

int main()
{
    WICK_SCOPE("main");
    stock shelves({{"lamp", 10}, {"wick", 100}, {"oil", 2}});
    const std::array<std::vector<order>, 2> orders = {{
        {{1, "lamp", 2, 40}, {2, "wick", 5, 10}, {3, "lamp", 1, 80}, {4, "wick", 1, 500}},
        {{5, "oil", 2, 30}, {6, "oil", 1, 15}, {7, "wick", 9, 120}},
    }};
    std::array<int, 2> sold = {};
    {
        std::thread first([&] { sold[0] = till("till 1", shelves, orders[0]); });
        std::thread second([&] { sold[1] = till("till 2", shelves, orders[1]); });

        first.join();
        second.join();
    }
    std::printf("%d orders sold, %d lamps left\n", sold[0] + sold[1], shelves.left("lamp"));
    return sold[0] + sold[1] == 4 && shelves.left("lamp") == 7 ? 0 : 1;
}
