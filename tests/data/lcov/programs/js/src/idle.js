function idle(x) {
  if (x) return 1;
  return 2;
}

module.exports = { idle };
