#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
TEST_CASE("three assertions") { CHECK(1 == 1); CHECK(2 == 2); CHECK(3 == 3); }
TEST_CASE("fails twice") { CHECK(1 == 2); CHECK(2 == 3); }
TEST_CASE("skipped" * doctest::skip()) { CHECK(1 == 2); }
TEST_CASE("two assertions") { CHECK(1 == 1); CHECK(2 == 2); }
