'use strict'
// CommonJS on purpose (an ESM entry pays for the ESM loader), in syntax that any Node parses.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'scram: needs Node 24 or newer, this is v' +
      process.versions.node +
      ' at ' +
      process.execPath +
      '\n  npm install in the folder of scram brings the right one; then run bin/scram\n',
  )
  process.exitCode = 78
} else {
  enableCompileCache()
  require('../bundle/scram.cjs')
}

// Made one level at a time: recursive mkdir below /proc spins for ever, and so does enableCompileCache itself.
function enableCompileCache() {
  var env = process.env
  var base = env.XDG_CACHE_HOME || (env.HOME ? env.HOME + '/.cache' : '')
  if (base.charAt(0) !== '/') return
  var fs = require('fs')
  var folders = [base, base + '/scram', base + '/scram/v8']
  for (var i = 0; i < folders.length; i++) {
    try {
      fs.mkdirSync(folders[i], {mode: 448})
    } catch (error) {
      if (error.code !== 'EEXIST') return
    }
  }
  require('module').enableCompileCache(folders[2])
}
