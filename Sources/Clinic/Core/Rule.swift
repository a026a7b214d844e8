/// A rule of the pathway as data; the code that asks it stands beside the entity it guards.
package struct Rule: Hashable, Sendable {
    /// The step of the clinic's day a rule belongs to.
    package enum Phase: String, Sendable, CaseIterable {
        case drop = "drop and entry"
        case registration
        case consultation
        case plan
        case consent
        case preOp = "pre-op"
        case surgicalCase = "case"
        case inventory
        case billing
    }

    /// HL7 table 0357, the error code of an acknowledgment's ERR-3.
    package enum HL7Code: Int, Sendable {
        case segmentSequence = 100
        case requiredFieldMissing = 101
        case dataType = 102
        case tableValue = 103
        case unsupportedMessage = 200
        case unsupportedEvent = 201
        case unsupportedProcessing = 202
        case unsupportedVersion = 203
        case unknownKey = 204
        case duplicateKey = 205
        case recordLocked = 206
        case internalError = 207
    }

    /// What a refusal under this rule means for the entry.
    package enum Weight: String, Sendable {
        /// The entry is rejected.
        case refuses
        /// The entry waits while the finding may still come untrue.
        case holds
        /// The entry is applied and the finding reported.
        case warns
    }

    /// Stable, `area.reason`.
    package let code: String
    /// The rule in a clerk's words.
    package let statement: String
    package let phase: Phase
    package let hl7: HL7Code
    package let weight: Weight
    /// The key of `clinic.yml` that governs it, if one does.
    package let policy: String?
    /// False for a rule that is planned and not asked yet.
    package let isEnforced: Bool
    /// True where somebody who may can answer for an exception; never where a patient's safety or identity hangs on it.
    package let isOverridable: Bool

    package init(
        _ code: String, _ statement: String, phase: Phase, hl7: HL7Code = .internalError, weight: Weight = .refuses,
        policy: String? = nil, isEnforced: Bool = true, isOverridable: Bool = false
    ) {
        self.code = code
        self.statement = statement
        self.phase = phase
        self.hl7 = hl7
        self.weight = weight
        self.policy = policy
        self.isEnforced = isEnforced
        self.isOverridable = isOverridable
    }

    package static func == (left: Rule, right: Rule) -> Bool { left.code == right.code }
    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// What one rule has against an entry, for a person who can mend it.
///
/// It names fields; the reader knows their places.
package struct Finding: Hashable, Sendable {
    package let rule: Rule
    /// All fields that the rule looked at, the one to mend first.
    package let fields: [Field]
    /// What is wrong, without names, numbers of patients or values: auditors read it.
    package let detail: String
    /// What would mend it.
    package let mend: String
    /// The rest of the story, for those who may see the database: ids, names, dates.
    package let aside: String?
    /// What must change for the finding to come untrue; empty when it never can.
    package let waitsFor: [Key]
    /// Which item of the first field's list it is about, from 0; nil where it is about the whole.
    package let item: Int?
    /// Who answers for it, when it refuses no longer.
    package let override: Override?

    package init(
        _ rule: Rule, _ fields: [Field], _ detail: String, mend: String, aside: String? = nil, waitsFor: [Key] = [],
        item: Int? = nil, override: Override? = nil
    ) {
        self.rule = rule
        self.fields = fields
        self.detail = detail
        self.mend = mend
        self.aside = aside
        self.waitsFor = waitsFor
        self.item = item
        self.override = override
    }
}

/// Something that entries wait for and events touch.
package struct Key: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static func patient(_ mrn: MRN) -> Key { Key("patient:\(mrn)") }
    package static func registration(_ reference: String) -> Key { Key("registration:\(reference)") }
    package static func identifier(_ identifier: String) -> Key { Key("identifier:\(identifier)") }
    package static func consultation(_ id: ConsultationID) -> Key { Key("consultation:\(id)") }
    package static func plan(_ id: PlanID) -> Key { Key("plan:\(id)") }
    package static func consent(_ id: ConsentID) -> Key { Key("consent:\(id)") }
    package static func surgicalCase(_ id: CaseID) -> Key { Key("case:\(id)") }
    package static func item(_ sku: SKU) -> Key { Key("item:\(sku)") }
    package static func bill(_ number: BillNumber) -> Key { Key("bill:\(number)") }
    /// An entry by its sender's business number.
    package static func reference(_ form: FormName, _ reference: String) -> Key {
        Key("reference:\(form)/\(reference)")
    }
}
