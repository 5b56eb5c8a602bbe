function price(cents, { tax = 0, member = false } = {}) {
  if (cents < 0) throw new RangeError('negative');
  let total = cents * (1 + tax);
  if (member && total > 100) {
    total *= 0.9;
  } else if (total > 1000) {
    total -= 50;
  }
  return total > 0 ? Math.round(total) : 0;
}

const never = (x) => {
  switch (x) {
    case 1: return 'one';
    default: return x || 'none';
  }
};

module.exports = { price, never };
