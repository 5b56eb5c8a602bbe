export default { test: { include: ['test/*.test.js'], coverage: { include: ['src/**'] } } };
