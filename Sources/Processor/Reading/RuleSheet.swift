package import Clinic

/// One rule, as `suture rules CODE` prints it.
package struct RuleSheet: Reply {
    package let rule: Rule

    /// The rule of a code; a code that no rule has is told with the nearest.
    package init(code: String) throws(UnknownRule) {
        guard let rule = Rule.all.first(where: { $0.code == code }) else { throw UnknownRule(code: code) }
        self.rule = rule
    }

    package func encode(to encoder: any Encoder) throws { try RuleListing.Item(rule: rule).encode(to: encoder) }

    package var text: String {
        let effect =
            switch rule.weight {
            case .refuses: "An entry that it refuses is rejected."
            case .holds: "An entry waits while it may still come true, and is rejected after that."
            case .warns: "A warning: the entry is applied."
            }
        var lines = ["\(rule.code) (\(rule.phase.rawValue))", "  \(rule.statement)", "  \(effect)"]
        let keys = rule.policies + rule.generalPolicies
        if !keys.isEmpty { lines.append("  clinic.yml: \(keys.joined(separator: ", "))") }
        if rule.isOverridable { lines.append("  Overridable, by who may and with a reason.") }
        lines.append("  HL7 table 0357: \(rule.hl7.rawValue)")
        if !rule.isEnforced { lines.append("  Not enforced yet: it refuses nothing.") }
        return lines.joined(separator: "\n")
    }
}

/// A code that no rule has.
package struct UnknownRule: Error, CustomStringConvertible {
    package let code: String

    package var description: String {
        let nearest = Suggestion.text(for: code, among: Rule.all.map(\.code))
        return "no rule is called \(Terminal.safe(code))\(nearest.isEmpty ? "; `suture rules` lists them" : nearest)"
    }
}
