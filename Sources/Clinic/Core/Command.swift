/// A form's name, such as `registration`.
package struct FormName: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static let registration = FormName("registration")
    package static let patient = FormName("patient")
    package static let consultation = FormName("consultation")
    package static let plan = FormName("plan")
    package static let consent = FormName("consent")
    package static let preOp = FormName("preop")
    package static let surgicalCase = FormName("case")
    package static let inventory = FormName("inventory")
    package static let payment = FormName("payment")
    package static let bill = FormName("bill")
    package static let decision = FormName("decision")
    package static let records = FormName("records")
}

/// What a form entry wants done, such as `REGISTER`.
package struct Action: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The value of one field, already in the shape that its definition asks for.
package enum Value: Hashable, Sendable, Codable {
    case text(String)
    case date(CalendarDate)
    case instant(Instant)
    case money(Money)
    case integer(Int)
    case flag(Bool)
    case list([String])
    /// The sender asks for the value to be deleted (`""`).
    case deletion
}

/// What somebody wants: one form entry, read, located and typed, before anything judged it.
package struct Command: Sendable, Codable {
    package var form: FormName
    package var action: Action
    /// The sender's business number.
    package var reference: String
    package var source: SourceName
    package var values: [Field: Value]
    /// When it happened; what the rules compare.
    package var effectiveAt: Instant
    /// The business clock at this decision.
    package var now: Instant
    /// The bcrypt hash that took the place of a password.
    package var passwordHash: String?

    package init(
        form: FormName, action: Action, reference: String, source: SourceName, values: [Field: Value] = [:],
        effectiveAt: Instant, now: Instant, passwordHash: String? = nil
    ) {
        self.form = form
        self.action = action
        self.reference = reference
        self.source = source
        self.values = values
        self.effectiveAt = effectiveAt
        self.now = now
        self.passwordHash = passwordHash
    }

    package func text(_ field: Field) -> String? {
        if case .text(let text)? = values[field] { text } else { nil }
    }

    package func date(_ field: Field) -> CalendarDate? {
        if case .date(let date)? = values[field] { date } else { nil }
    }

    package func instant(_ field: Field) -> Instant? {
        if case .instant(let instant)? = values[field] { instant } else { nil }
    }

    package func money(_ field: Field) -> Money? {
        if case .money(let money)? = values[field] { money } else { nil }
    }

    package func integer(_ field: Field) -> Int? {
        if case .integer(let integer)? = values[field] { integer } else { nil }
    }

    package func flag(_ field: Field) -> Bool? {
        if case .flag(let flag)? = values[field] { flag } else { nil }
    }

    /// The items of a list; nil when the field is not there.
    package func list(_ field: Field) -> [String]? {
        if case .list(let list)? = values[field] { list } else { nil }
    }

    /// An identifier given in a text field.
    package func id<ID: Identifier>(_ field: Field, as type: ID.Type = ID.self) -> ID? { text(field).map { ID($0) } }

    package func deletes(_ field: Field) -> Bool { values[field] == .deletion }

    /// The key under which the entry itself can be waited for.
    package var referenceKey: Key { .reference(form, reference) }
}
