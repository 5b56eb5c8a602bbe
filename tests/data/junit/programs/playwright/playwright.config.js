module.exports = {
  testDir: '.', retries: 1, workers: 1, projects: [{ name: 'one' }, { name: 'two' }],
  reporter: [['junit', { outputFile: 'junit.xml' }], ['json', { outputFile: 'totals.json' }]],
};
