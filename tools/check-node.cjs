// Inside npm scripts `node` is the one in node_modules/.bin; another one means that the install is not whole.
const [major] = process.versions.node.split('.').map(Number)
console.log(`node ${process.versions.node}`)
if (major < 24) {
  console.error(`Node ${process.versions.node} at ${process.execPath} is too old: npm install brings Node 26, then npm run check`)
  process.exitCode = 78
}
