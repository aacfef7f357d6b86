exports.isWsl = false
exports.isInsideContainer = false
