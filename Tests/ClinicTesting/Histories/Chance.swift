package import Clinic

/// Chance that can be had again: the same seed gives the same history (SplitMix64).
package struct Chance: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number within limits.
    package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True in so many of a hundred cases.
    package mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of some; the first where there is nothing to choose from is the caller's fault.
    package mutating func one<Item>(of items: [Item]) -> Item { items[number(0...items.count - 1)] }
}

/// One entry of a history: who drops it, and what it says.
package struct Told: Sendable {
    package var sender: SourceName
    package var form: FormName
    package var action: String
    package var values: [Field: Value]
    package var time: Instant
    package var reference: String
    /// What its teller had in mind; printed with a failure.
    package var slip: String?

    package init(
        _ sender: SourceName, _ form: FormName, _ action: String, at time: Instant, reference: String,
        _ values: [Field: Value]
    ) {
        self.sender = sender
        self.form = form
        self.action = action
        self.values = values
        self.time = time
        self.reference = reference
    }

    package func command(now: Instant) -> Command {
        Command(
            form: form, action: Action(action), reference: reference, source: sender, values: values,
            effectiveAt: time, now: now)
    }
}
