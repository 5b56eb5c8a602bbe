#include <gtest/gtest.h>
TEST(Wallet, Passes) {}
TEST(Wallet, FailsTwice) { EXPECT_EQ(1, 2) << "]]> <b>"; EXPECT_EQ(3, 4); }
TEST(Wallet, Throws) { throw 3; }
TEST(Wallet, Skips) { GTEST_SKIP() << "later"; }
TEST(Wallet, DISABLED_Off) {}
