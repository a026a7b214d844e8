package import Clinic

/// Under what circumstances an event is decided: it becomes part of its ledger row.
package struct DecisionContext: Hashable, Sendable {
    /// The business clock.
    package var now: Instant
    /// The hash of rule set and configuration.
    package var configuration: String
    /// The drop and the entry in it that are being decided; nil for what falls due by time.
    package var drop: Int64?
    package var entry: Int?

    package init(now: Instant, configuration: String, drop: Int64? = nil, entry: Int? = nil) {
        self.now = now
        self.configuration = configuration
        self.drop = drop
        self.entry = entry
    }
}
