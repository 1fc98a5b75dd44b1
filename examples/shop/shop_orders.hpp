/*
 * SPDX-License-Identifier: MIT
 * Orders of a shop: a stock, reservations in it, payments. Nothing here knows of threads but the stock.
 */
#ifndef SHOP_ORDERS_HPP
#define SHOP_ORDERS_HPP

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>

#include <wick/wick.h>

struct order {
    int number;
    std::string item;
    int count;
    int price;
};

struct declined : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class stock
{
public:
    explicit stock(std::map<std::string, int> items) : items_(std::move(items)) {}
    /* Throws std::out_of_range when there is too little of it. */
    void take(const std::string &item, int count);
    void give_back(const std::string &item, int count);
    int left(const std::string &item);

private:
    std::mutex mutex_;
    std::map<std::string, int> items_;
};

/* Taken from the stock, and given back unless it is kept. */
class reservation
{
public:
    reservation(stock &from, const order &what);
    ~reservation();
    reservation(const reservation &) = delete;
    reservation &operator=(const reservation &) = delete;
    void keep() { kept_ = true; }

private:
    stock &stock_;
    const order &order_;
    bool kept_ = false;
};

/* Throws declined. */
void pay(const order &what, int credit);

/* Call `attempt` again, up to `times`, while the card is declined. */
template <typename Attempt> void retried(int times, Attempt attempt)
{
    WICK_FUNCTION();
    for (int i = 1;; i++) {
        try {
            WICK_SCOPEF("attempt %d", i);
            return attempt(i);
        } catch (const declined &) {
            if (i == times)
                throw;
        }
    }
}

#endif
