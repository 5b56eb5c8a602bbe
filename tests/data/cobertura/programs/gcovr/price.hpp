#pragma once

int price(int amount, bool member);
int shipping(int weight);
