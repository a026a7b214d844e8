package import Clinic

/// A clinic that commands are told to, one after the other, as its senders would.
package final class Story {
    package let state = MemoryClinic()
    package var pathway: Pathway
    /// The business clock; every command is decided at it.
    package var now: Instant
    private var told = 0

    package init(catalog: Catalog = .sample, now: String = "2026-11-23T18:00:00Z") {
        self.pathway = Pathway(catalog: catalog, seals: .test)
        self.now = .at(now)
    }

    /// Tells one form entry; the ruling is what became of it, and the state has changed only if it is clear.
    @discardableResult
    package func tell(
        _ form: FormName, _ action: String, _ values: [Field: Value], at time: String? = nil, reference: String? = nil,
        source: SourceName = "front-desk"
    ) throws -> Ruling {
        told += 1
        let command = Command(
            form: form, action: Action(action), reference: reference ?? "REF-\(told)", source: source, values: values,
            effectiveAt: time.map { .at($0) } ?? now, now: now)
        return try state.unit { try pathway.settle(command, in: state) }
    }
}

extension Seals {
    /// Digests that tests can tell apart, without a library.
    package static let test = Seals(
        sha256: { bytes in
            var hash: UInt64 = 14_695_981_039_346_656_037
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
            let half = String(hash, radix: 16)
            return String(repeating: "0", count: 64 - half.utf8.count) + half
        },
        token: { purpose, number in "token-\(purpose)-\(number)" })
}

extension Instant {
    /// A time in UTC for tests; the text must be right.
    package static func at(_ text: String) -> Instant {
        guard let instant = Instant(text, zone: .utc) else { preconditionFailure("not a time: \(text)") }
        return instant
    }
}

extension CalendarDate {
    /// A date for tests; the text must be right.
    package static func on(_ text: String) -> CalendarDate {
        guard let date = CalendarDate(text) else { preconditionFailure("not a date: \(text)") }
        return date
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(arrayLiteral elements: String...) { self = .list(elements) }

    package static func on(_ text: String) -> Value { .date(.on(text)) }
    package static func at(_ text: String) -> Value { .instant(.at(text)) }
    /// An amount in minor units.
    package static func minor(_ units: Int64) -> Value { .money(Money(minorUnits: units)) }
}

extension SourceName: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

extension Ruling {
    /// The codes of all findings, in order.
    package var codes: [String] { findings.map(\.rule.code) }
    /// The codes of all warnings, in order.
    package var warningCodes: [String] { warnings.map(\.rule.code) }
    /// True when every finding may still come untrue.
    package var isHeld: Bool { !findings.isEmpty && findings.allSatisfy { !$0.waitsFor.isEmpty } }
}
