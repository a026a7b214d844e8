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
            table.add([item.key, item.value, origin, item.rules.joined(separator: " ")])
        }
        return (["Policy, profile \(profile ?? "none")"] + table.lines()).joined(separator: "\n")
    }
}

extension PolicyListing.Item {
    fileprivate init(_ setting: PolicySetting) {
        key = setting.key
        value = setting.value
        rules = Rule.all.filter { $0.policy == setting.key }.map(\.code)
        switch setting.origin {
        case .standard: (from, place) = ("default", nil)
        case .profile(let profile, let source): (from, place) = ("profile \(profile.rawValue)", source)
        case .file(let line): (from, place) = ("clinic.yml", "line \(line.line)")
        }
    }
}
