module.exports = function never(sold) {
  if (sold) {
    return 1;
  }
};
