/** The test does not say what it must: a step without a fake, a question without an answer. Neither a Fault nor an abort: the engine lets it pass. */
export class TestGap extends Error {}

/** Where a simulated process died. Nothing may swallow it. */
export class SimulatedCrash extends Error {}
