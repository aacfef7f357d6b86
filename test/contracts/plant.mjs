// The transformer of tests that must fail: one file of src is read with a fault in it, nothing on the disk changes.
import {createTransformer as createSwc} from '@swc/jest'

export default {
  createTransformer({swc, plant}) {
    const inner = createSwc(swc)
    const planted = (source, path) => (path.endsWith(plant.file) ? source.replace(plant.from, () => plant.to) : source)
    return {
      canInstrument: inner.canInstrument,
      process: (source, path, options) => inner.process(planted(source, path), path, options),
      processAsync: (source, path, options) => inner.processAsync(planted(source, path), path, options),
      getCacheKey: (source, path, options) => inner.getCacheKey(planted(source, path), path, options),
    }
  },
}
