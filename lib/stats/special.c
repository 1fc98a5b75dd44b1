/*
 * SPDX-License-Identifier: MIT
 * Special functions. See special.h.
 * Sources: the continued fraction of the incomplete beta function is 26.5.8 of Abramowitz and Stegun, "Handbook of Mathematical
 * Functions" (1964), evaluated as by Lentz (1976) with Thompson and Barnett's change (1986); the asymptotic series of digamma and
 * trigamma are 6.3.18 and 6.4.12, that of a ratio of gamma functions is 5.11.13 of the NIST Digital Library of Mathematical Functions;
 * the expansion of Student's t around the normal distribution is Fisher's (1925); trigamma's inverse is Newton's method on 1/trigamma,
 * as in the appendix of Smyth (2004).
 */
#include "stats/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double away_from_zero(double x)
{
    return fabs(x) < DBL_MIN ? DBL_MIN : x;
}

/* The continued fraction of the incomplete beta function; converges fast where x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d, change = 0;
    for (int m = 1; m < 10000 && fabs(change - 1) > DBL_EPSILON; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= d * c;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        change = d * c;
        value *= change;
    }
    return value;
}

/* ln gamma(a + 1/2) - ln gamma(a). Of large numbers the difference would have lost its digits: the series of 5.11.13 there. */
static double log_gamma_half(double a)
{
    if (a < 100) {
        return log_gamma(a + 0.5) - log_gamma(a);
    }
    const double y = 1 / (a * a);
    return log(a) / 2 - (1. / 8 - y * (1. / 192 - y * (1. / 640))) / a;
}

/* The regularised incomplete beta function with b = 1/2; `rest` is 1 - x, which may be known better than x. */
static double beta_half(double a, double x, double rest)
{
    const double log_x = x > 0.5 ? log1p(-rest) : log(x);
    const double front = exp(log_gamma_half(a) - log_gamma(0.5) + a * log_x + log(rest) / 2);
    return x < (a + 1) / (a + 1.5) ? front * beta_fraction(a, 0.5, x) / a : 1 - 2 * front * beta_fraction(0.5, a, rest);
}

/* Fisher's expansion of the tail around the normal distribution's, for many degrees: there 1 - x has too few digits for the fraction. */
static double nearly_normal_tail(double t, double freedom)
{
    const double s = t * t, y = 1 / freedom;
    const double first = (s + 1) / 4, second = (((3 * s - 7) * s - 5) * s - 3) / 96;
    const double third = (((((s - 11) * s + 14) * s + 6) * s - 3) * s - 15) / 384;
    return erfc(t / sqrt(2)) / 2 + exp(-s / 2) / sqrt(2 * M_PI) * t * y * (first + y * (second + y * third));
}

double wk_stats_t_tail(double t, double freedom)
{
    if (t < 0) {
        return 1 - wk_stats_t_tail(-t, freedom);
    }
    if (isinf(freedom)) {
        return erfc(t / sqrt(2)) / 2;
    }
    if (freedom >= 1e5 && t * t * t * t < 2e-3 * freedom) {
        return nearly_normal_tail(t, freedom);
    }
    const double square = t * t, x = freedom / (freedom + square), rest = square / (freedom + square);
    return rest == 0 ? 0.5 : x == 0 ? 0 : beta_half(freedom / 2, x, rest) / 2;
}

double wk_stats_t_exceeded(double tail, double freedom)
{
    if (tail > 0.5) {
        return -wk_stats_t_exceeded(1 - tail, freedom);
    }
    double low = 0, high = 1;
    while (wk_stats_t_tail(high, freedom) > tail && high < 1e300) {
        low = high;
        high *= 2;
    }
    for (double middle = 0; middle != (low + high) / 2;) {
        middle = (low + high) / 2;
        *(wk_stats_t_tail(middle, freedom) > tail ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* Both series are exact to the last digits from here on. */
enum { SERIES_FROM = 16 };

double wk_stats_digamma(double x)
{
    double below = 0;
    for (; x < SERIES_FROM; x++) {
        below += 1 / x;
    }
    const double y = 1 / (x * x);
    const double series = y * (1. / 12 - y * (1. / 120 - y * (1. / 252 - y * (1. / 240 - y * (1. / 132 - y * (691. / 32760))))));
    return log(x) - 0.5 / x - series - below;
}

double wk_stats_trigamma(double x)
{
    double below = 0;
    for (; x < SERIES_FROM; x++) {
        below += 1 / (x * x);
    }
    const double y = 1 / (x * x);
    const double series = y * (1. / 6 - y * (1. / 30 - y * (1. / 42 - y * (1. / 30 - y * (5. / 66 - y * (691. / 2730))))));
    return below + 1 / x + y / 2 + series / x;
}

double wk_stats_trigamma_inverse(double y)
{
    if (y > 1e7) {
        return 1 / sqrt(y);
    }
    if (y < 1e-6) {
        return 1 / y;
    }
    double x = 0.5 + 1 / y;
    for (int i = 0; i < 50; i++) {
        const double now = wk_stats_trigamma(x), step = 1e-6 * x;
        const double slope = (wk_stats_trigamma(x + step) - wk_stats_trigamma(x - step)) / (2 * step);
        const double change = now * (1 - now / y) / slope;
        x += change;
        if (fabs(change) < 1e-14 * x) {
            break;
        }
    }
    return x;
}
