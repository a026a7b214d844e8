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
        var table = TextTable(["key", "value", "from"])
        var sources: [String] = []
        for item in keys { table.add([item.key, item.value, item.origin(among: &sources)]) }
        var lines = ["Policy, profile \(profile ?? "none")"]
        let rows = table.lines()
        lines += rows.prefix(1)
        for (row, item) in zip(rows.dropFirst(), keys) {
            lines.append(row)
            if !item.words.isEmpty {
                lines += Terminal.wrapped("asked by \(item.words)", width: PolicyListing.width, indent: 6)
            }
        }
        if !sources.isEmpty { lines += ["", "  Sources:"] }
        for (index, source) in sources.enumerated() {
            lines += Terminal.wrapped("(\(index + 1)) \(source)", width: PolicyListing.width, indent: 4)
        }
        return lines.joined(separator: "\n")
    }

    /// No line is longer, but one that cannot be broken.
    private static let width = 100
}

extension PolicyListing.Item {
    /// Who says so: a line of the file in full, of a profile's source the number under which it stands below.
    fileprivate func origin(among sources: inout [String]) -> String {
        guard let place else { return from }
        if from == "clinic.yml", place.utf8.count <= 20 { return "\(from): \(place)" }
        let index = sources.firstIndex(of: place) ?? sources.count
        if index == sources.count { sources.append(place) }
        return "\(from) (\(index + 1))"
    }

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
