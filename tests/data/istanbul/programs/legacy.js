function discount (sum, rate) {
  /* istanbul ignore else */
  if (sum > 10) { rate = rate || 2 }
  /* istanbul ignore if */
  if (sum < 0) {
    throw new Error('negative')
  }
  return rate ? sum * rate : 0
}

/* istanbul ignore next */
function debug () {
  console.log('never')
}

discount(20)
