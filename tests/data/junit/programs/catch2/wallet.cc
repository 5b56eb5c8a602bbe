#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
TEST_CASE("three assertions") { REQUIRE(1); REQUIRE(2); REQUIRE(3); }
TEST_CASE("fails twice") { CHECK(1 == 2); CHECK(2 == 3); }
TEST_CASE("throws") { throw 3; }
TEST_CASE("may fail", "[!mayfail]") { CHECK(1 == 2); }
