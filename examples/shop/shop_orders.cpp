/*
 * SPDX-License-Identifier: MIT
 * See shop_orders.hpp.
 */
#include "shop_orders.hpp"

void stock::take(const std::string &item, int count)
{
    WICK_SCOPEF("take %d %s", count, item.c_str());
    const std::lock_guard<std::mutex> lock(mutex_);
    int &left = items_.at(item);

    if (left < count) {
        WICK_FAILF("%d left", left); /* why, where it is known; the exception alone would be a failure, too */
        throw std::out_of_range(item);
    }
    left -= count;
}

void stock::give_back(const std::string &item, int count)
{
    WICK_FUNCTION();
    const std::lock_guard<std::mutex> lock(mutex_);

    items_.at(item) += count;
}

int stock::left(const std::string &item)
{
    const std::lock_guard<std::mutex> lock(mutex_);

    return items_.at(item);
}

reservation::reservation(stock &from, const order &what) : stock_(from), order_(what)
{
    WICK_FUNCTION();
    stock_.take(order_.item, order_.count);
}

/* It may run because an exception is on its way: that is not its failure, nor that of what it calls. */
reservation::~reservation()
{
    WICK_FUNCTION();
    if (!kept_) {
        stock_.give_back(order_.item, order_.count);
    }
}

void pay(const order &what, int credit)
{
    WICK_FUNCTION();
    WICK_VALUE(what.price);
    if (what.price > credit) {
        throw declined("order " + std::to_string(what.number));
    }
}
