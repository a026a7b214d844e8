package import Clinic
package import Forms

/// One folder of the inbox: who drops there, what they may drop and how their files are read.
package struct SourceSettings: Hashable, Sendable {
    /// What becomes of a change to a patient who is not known yet.
    package enum UnknownPatient: String, Sendable, CaseIterable {
        /// The entry waits until the patient is registered.
        case hold = "HOLD"
        /// The patient is registered from it.
        case register = "REGISTER"
    }

    package var name: SourceName
    /// The forms it may drop, in its order of preference.
    package var forms: [FormName]
    /// The character set of files that name none; nil is UTF-8.
    package var charset: String?
    /// The zone of times without an offset; nil is the clinic's.
    package var zone: ZoneRules?
    /// Patients enter their own data there: e-mail and phone are required.
    package var isSelfRegistering = false
    /// HL7 events that are acknowledged without effect.
    package var ignoredEvents = SourceSettings.usuallyIgnored
    /// One rejected or held entry rejects its whole drop.
    package var isAtomic = false
    /// The largest file that it may drop.
    package var maximumBytes = SourceSettings.usualMaximumBytes
    /// So many of its drops are taken within a minute, the others wait their turn; nil is any number.
    package var dropsPerMinute: Int?
    package var unknownPatient = UnknownPatient.hold

    package init(name: SourceName, forms: [FormName]) {
        self.name = name
        self.forms = forms
    }

    /// Whoever may register patients may send passwords, so its unreadable files are kept for a time only.
    package var mayRegisterPatients: Bool { forms.contains(.registration) }

    /// Movements on a ward, which an operating day does not need: transfer, discharge and their reversals.
    package static let usuallyIgnored = ["A02", "A03", "A06", "A07", "A11", "A13"]
    /// 256 MiB.
    package static let usualMaximumBytes = 256 << 20

    /// The source of files that lie right in `inbox/`: the front desk, which may drop every form.
    package static let frontDesk = SourceSettings(name: SourceName("front-desk"), forms: FormName.all)

    /// How the readers are to read its files.
    package func readingRules(catalog: Catalog) -> ReadingRules {
        var rules = ReadingRules(
            source: name, forms: forms, charset: charset, catalog: catalog, ignoredEvents: ignoredEvents,
            isSelfRegistering: isSelfRegistering)
        if let zone { rules.zone = zone }
        return rules
    }
}

extension FormName {
    /// Every form, in the order of the pathway.
    package static let all: [FormName] = [
        .registration, .patient, .consultation, .plan, .consent, .preOp, .surgicalCase, .inventory, .payment, .bill,
        .decision, .records,
    ]
}
