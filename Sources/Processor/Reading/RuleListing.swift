package import Clinic

/// Every rule there is, as `suture rules` prints it.
package struct RuleListing: Reply {
    /// One rule.
    package struct Item: Encodable, Sendable {
        package let rule: Rule

        private enum CodingKeys: String, CodingKey {
            case code, statement, phase, held, warning, policy, enforced, overridable
            case table0357 = "table_0357"
        }

        /// The keys are always there, also where there is nothing to say.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(rule.code, forKey: .code)
            try container.encode(rule.statement, forKey: .statement)
            try container.encode(rule.phase.rawValue, forKey: .phase)
            try container.encode(rule.hl7.rawValue, forKey: .table0357)
            try container.encode(rule.weight == .holds, forKey: .held)
            try container.encode(rule.weight == .warns, forKey: .warning)
            if let policy = rule.policy {
                try container.encode(policy, forKey: .policy)
            } else {
                try container.encodeNil(forKey: .policy)
            }
            try container.encode(rule.isEnforced, forKey: .enforced)
            try container.encode(rule.isOverridable, forKey: .overridable)
        }
    }

    package let rules: [Item]

    package init() { rules = Rule.all.map { Item(rule: $0) } }

    /// One list, without anything around it.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for rule in rules { try container.encode(rule) }
    }

    package var text: String {
        var lines: [String] = []
        for (phase, rules) in phases {
            if !lines.isEmpty { lines.append("") }
            lines.append(phase.title)
            for item in rules {
                let marks = item.marks.isEmpty ? "" : " (\(item.marks.joined(separator: "; ")))"
                lines += ["  \(item.rule.code)\(marks)", "      \(item.rule.statement)"]
            }
        }
        let enforced = rules.count { $0.rule.isEnforced }
        lines += ["", "\(rules.count) rules, of which \(enforced) are enforced."]
        return lines.joined(separator: "\n")
    }

    /// The page `docs/rules.md`.
    package var markdown: String {
        var lines = [
            "# The rules", "",
            "Written by `suture rules --markdown`; a test fails when it is out of date.", "",
            "An entry that a rule refuses is rejected, unless it may still come true: **held** rules let the entry wait"
                + " for it. A **warning** leaves the entry applied. *0357* is the code of HL7 table 0357 in"
                + " acknowledgments; *policy* are the keys of `clinic.yml` that govern the rule; besides,"
                + " `hold_for_seconds` governs every held rule, `refused_warnings` every warning and `not_overridable` every"
                + " overridable rule. An **overridable** rule lets an entry pass that names it in `override`, with who answers for it and why. Each code leads to the rule's case"
                + " in `fixtures/cases/`: a file that breaks it, what is found, and its right neighbor.",
        ]
        for (phase, rules) in phases {
            lines += [
                "", "## \(phase.title)", "", "| code | statement | weight | 0357 | policy | overridable | enforced |",
                "|---|---|---|---|---|---|---|",
            ]
            lines += rules.map { item in
                let rule = item.rule
                let cells = [
                    rule.isEnforced ? "[`\(rule.code)`](../fixtures/cases/\(rule.code)/)" : "`\(rule.code)`",
                    rule.statement, item.weight, String(rule.hl7.rawValue),
                    rule.policies.map { "`\($0)`" }.joined(separator: " "), rule.isOverridable ? "yes" : "",
                    rule.isEnforced ? "yes" : "not yet",
                ]
                return "| " + cells.joined(separator: " | ") + " |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The rules by phase, in the order of the pathway.
    private var phases: [(phase: Rule.Phase, rules: [Item])] {
        Rule.Phase.allCases.map { phase in (phase, rules.filter { $0.rule.phase == phase }) }.filter {
            !$0.rules.isEmpty
        }
    }
}

extension RuleListing.Item {
    fileprivate var weight: String {
        switch rule.weight {
        case .refuses: "rejected"
        case .holds: "held"
        case .warns: "warning"
        }
    }

    /// What a reader of the list should know besides its statement.
    fileprivate var marks: [String] {
        var marks: [String] = []
        if rule.weight != .refuses { marks.append(weight) }
        if !rule.policies.isEmpty { marks.append("clinic.yml: \(rule.policies.joined(separator: ", "))") }
        if rule.isOverridable { marks.append("overridable") }
        if !rule.isEnforced { marks.append("not enforced yet") }
        return marks
    }
}

extension Rule.Phase {
    /// The phase as a heading.
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
