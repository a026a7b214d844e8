import Clinic

/// One key of `policy:`: how it is read from `clinic.yml`, and how its value is shown again.
struct PolicyKey: Sendable {
    let name: String
    let read: @Sendable (inout Policy, Section, Currency) -> Void
    let show: @Sendable (Policy, Currency) -> String
    /// What stands in `clinic.yml` is put beside the profile's and not in its place.
    var addsToProfile = false

    private typealias Path<Value> = any WritableKeyPath<Policy, Value> & Sendable

    /// How a limit that a profile sets is taken away again.
    private static let nothing = "NONE"

    private static func value<Value>(
        _ name: String, _ path: Path<Value>, _ kind: ValueKind<Value>, _ show: @escaping @Sendable (Value) -> String
    ) -> PolicyKey {
        PolicyKey(
            name: name, read: { policy, section, _ in section.set(&policy[keyPath: path], name, kind) },
            show: { policy, _ in show(policy[keyPath: path]) })
    }

    static func number(
        _ name: String, _ path: any WritableKeyPath<Policy, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> PolicyKey {
        value(name, path, .number(range)) { String($0) }
    }

    static func flag(_ name: String, _ path: any WritableKeyPath<Policy, Bool> & Sendable) -> PolicyKey {
        value(name, path, .flag) { $0 ? "true" : "false" }
    }

    static func text(_ name: String, _ path: any WritableKeyPath<Policy, String> & Sendable) -> PolicyKey {
        value(name, path, .text) { $0 }
    }

    static func choice<Value: RawRepresentable<String> & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Policy, Value> & Sendable, _ values: [Value]
    ) -> PolicyKey {
        value(name, path, .choice(values)) { $0.rawValue }
    }

    /// Minutes of the day.
    static func clock(_ name: String, _ path: any WritableKeyPath<Policy, Int> & Sendable) -> PolicyKey {
        value(name, path, .clock) { minutes in
            [minutes / 60, minutes % 60].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
        }
    }

    /// A number, or nothing.
    static func limit(
        _ name: String, _ path: any WritableKeyPath<Policy, Int?> & Sendable, _ range: ClosedRange<Int>
    ) -> PolicyKey {
        PolicyKey(
            name: name,
            read: { policy, section, _ in
                if let limit = section.optional(name, .orNothing(.number(range), nothing)) {
                    policy[keyPath: path] = limit
                }
            }, show: { policy, _ in policy[keyPath: path].map { String($0) } ?? nothing })
    }

    static func money(_ name: String, _ path: any WritableKeyPath<Policy, Money> & Sendable) -> PolicyKey {
        PolicyKey(
            name: name,
            read: { policy, section, currency in section.set(&policy[keyPath: path], name, .money(currency)) },
            show: { policy, currency in currency.decimal(policy[keyPath: path]) })
    }

    static func charge(_ name: String, _ path: any WritableKeyPath<Policy, Money?> & Sendable) -> PolicyKey {
        PolicyKey(
            name: name,
            read: { policy, section, currency in
                if let amount = section.optional(name, .orNothing(.money(currency), nothing)) {
                    policy[keyPath: path] = amount
                }
            }, show: { policy, currency in policy[keyPath: path].map { currency.decimal($0) } ?? nothing })
    }

    static func weekdays(_ name: String, _ path: any WritableKeyPath<Policy, [Int]> & Sendable) -> PolicyKey {
        PolicyKey(
            name: name,
            read: { policy, section, _ in
                if section.has(name) { policy[keyPath: path] = section.list(name, .weekday).map(\.value) }
            },
            show: { policy, _ in
                let names = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
                return "[" + policy[keyPath: path].map { names[($0 + 6) % 7] }.joined(separator: ", ") + "]"
            })
    }

    /// Codes of rules of a kind that the key is about, beside those of the profile.
    static func rules(
        _ name: String, _ path: any WritableKeyPath<Policy, [String]> & Sendable, that wanted: String,
        _ isWanted: @escaping @Sendable (Rule) -> Bool
    ) -> PolicyKey {
        PolicyKey(
            name: name,
            read: { policy, section, _ in
                guard section.has(name) else { return }
                for code in section.rules(name, that: wanted, isWanted) where !policy[keyPath: path].contains(code) {
                    policy[keyPath: path].append(code)
                }
            }, show: { policy, _ in "[" + policy[keyPath: path].joined(separator: ", ") + "]" },
            addsToProfile: true)
    }
}

extension Section {
    /// A list of codes of rules; one that names no such rule is reported with the nearest.
    func rules(_ key: String, that wanted: String, _ isWanted: (Rule) -> Bool) -> [String] {
        let codes = Rule.all.filter(isWanted).map(\.code)
        return list(key, .text).map { code in
            if !codes.contains(code.value) {
                inspection.report(
                    "`\(key)` names no rule that \(wanted): `\(code.value)`"
                        + Suggestion.text(for: code.value, among: codes), at: code.place)
            }
            return code.value
        }
    }
}

extension ValueKind {
    /// A value of another kind, or the word that stands for none.
    static func orNothing<Kept>(_ kind: ValueKind<Kept>, _ word: String) -> ValueKind<Kept?> where Value == Kept? {
        ValueKind<Kept?>(expected: "\(kind.expected), or \(word)") { text in
            text == word ? .some(nil) : kind.read(text).map { .some($0) }
        }
    }
}
