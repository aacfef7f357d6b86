// The real one prints argv, secrets included, under DEBUG=*.
const factory = () => Object.assign(() => {}, {enabled: false, extend: factory})
module.exports = Object.assign(factory, {default: factory, enable() {}, disable() {}, enabled: () => false})
