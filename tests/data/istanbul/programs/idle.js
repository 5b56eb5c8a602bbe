function never (a) {
  return a ? 1 : 2
}

module.exports = { never }
