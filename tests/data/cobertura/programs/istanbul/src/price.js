function price(amount, member = false) {
  if (amount < 0) {
    throw new RangeError('amount ' + amount);
  }
  const options = {
    rate: member
      ? 0.9
      : 1,
    label: amount > 100 ? 'large' : 'small',
  };
  switch (options.label) {}
  return { ...options, amount: amount * options.rate };
}

module.exports = { price };
