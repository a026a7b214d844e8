package import Clinic

/// The policy in force and who says so, as `suture rules --policy` prints it; or what a profile would set.
package struct PolicyListing: Reply {
    /// One key.
    package struct Item: Encodable, Sendable {
        package let key: String
        package let value: String
        /// `clinic.yml`, `profile` or `default`.
        package let from: String
        /// File and line, or whose number a profile repeats.
        package let place: String?
        /// The rules that ask for it.
        package let rules: [String]
    }

    package let profile: String?
    package let keys: [Item]

    package init(_ configuration: ClinicConfiguration) {
        profile = configuration.profile?.rawValue
        keys = configuration.settings.map { Item($0) }
    }

    /// Only what the profile sets.
    package init(_ profile: Profile) {
        self.profile = profile.rawValue
        keys = PolicySetting.all(of: profile).filter { $0.origin != .standard }.map { Item($0) }
    }

    package var text: String {
        var table = TextTable(["key", "value", "from", "rules"])
        for item in keys {
            let origin = [item.from, item.place].compactMap(\.self).joined(separator: ": ")
            table.add([item.key, item.value, origin, item.words])
        }
        return (["Policy, profile \(profile ?? "none")"] + table.lines()).joined(separator: "\n")
    }
}

extension PolicyListing.Item {
    /// The rules, or in a word those that a key governs by their kind.
    fileprivate var words: String {
        switch key {
        case "hold_for_seconds": "every held rule"
        case "refused_warnings": "every warning"
        case "not_overridable": "every overridable rule"
        default: rules.joined(separator: " ")
        }
    }

    fileprivate init(_ setting: PolicySetting) {
        key = setting.key
        value = setting.value
        rules = Rule.all.filter { ($0.policies + $0.generalPolicies).contains(setting.key) }.map(\.code)
        switch setting.origin {
        case .standard: (from, place) = ("default", nil)
        case .profile(let profile, let source): (from, place) = ("profile \(profile.rawValue)", source)
        case .file(let line):
            (from, place) = ("clinic.yml", "line \(line.line)" + (setting.aside.map { ", \($0)" } ?? ""))
        }
    }
}
