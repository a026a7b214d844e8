/// What the clinic is: its procedures, items, staff, theaters, payers, consent templates and policy.
package struct Catalog: Sendable {
    package var clinic: ClinicIdentity
    package var policy: Policy
    package var procedures: [ProcedureCode: Procedure]
    package var items: [SKU: Item]
    package var requirements: [RequirementCode: RequirementDefinition]
    package var staff: [StaffID: StaffMember]
    package var theaters: [TheaterID: Theater]
    /// Movable equipment by its id.
    package var equipment: [String: Equipment]
    /// Equipment that is built into theaters, by its id: never booked by itself, and printed by its name.
    package var builtInEquipment: [String: Equipment] = [:]
    package var payers: [PayerID: Payer]
    package var templates: [ConsentTemplate]

    package init(
        clinic: ClinicIdentity, policy: Policy, procedures: [Procedure], items: [Item],
        requirements: [RequirementDefinition], staff: [StaffMember], theaters: [Theater], equipment: [Equipment],
        payers: [Payer], templates: [ConsentTemplate]
    ) {
        self.clinic = clinic
        self.policy = policy
        self.procedures = Dictionary(procedures.map { ($0.code, $0) }) { first, _ in first }
        self.items = Dictionary(items.map { ($0.sku, $0) }) { first, _ in first }
        self.requirements = Dictionary(requirements.map { ($0.code, $0) }) { first, _ in first }
        self.staff = Dictionary(staff.map { ($0.id, $0) }) { first, _ in first }
        self.theaters = Dictionary(theaters.map { ($0.id, $0) }) { first, _ in first }
        self.equipment = Dictionary(equipment.map { ($0.id, $0) }) { first, _ in first }
        self.payers = Dictionary(payers.map { ($0.id, $0) }) { first, _ in first }
        self.templates = templates
    }

    package var zone: ZoneRules { clinic.zone }
    package var currency: Currency { clinic.currency }

    /// The item with a GTIN, compared as fourteen digits.
    package func item(gtin: String) -> Item? {
        items.values.filter { $0.gtin == gtin }.min { $0.sku < $1.sku }
    }

    package func name(of staff: StaffID) -> String { self.staff[staff]?.name ?? staff.rawValue }

    /// The name of a piece of equipment, movable or built in.
    package func name(ofEquipment id: String) -> String {
        (equipment[id] ?? builtInEquipment[id])?.name ?? id
    }
}

/// Who the clinic is and where.
package struct ClinicIdentity: Hashable, Sendable, Codable {
    package var name: String
    package var address: [String]
    package var country: String
    package var email: String
    package var phone: String
    package var taxNumber: String
    package var currency: Currency
    package var zone: ZoneRules

    package init(
        name: String, address: [String], country: String, email: String, phone: String, taxNumber: String,
        currency: Currency, zone: ZoneRules
    ) {
        self.name = name
        self.address = address
        self.country = country
        self.email = email
        self.phone = phone
        self.taxNumber = taxNumber
        self.currency = currency
        self.zone = zone
    }
}

/// A procedure that the clinic offers.
package struct Procedure: Hashable, Sendable, Codable {
    package var code: ProcedureCode
    package var name: String
    /// The site is paired: a side is required.
    package var isPaired: Bool
    /// Time in theater without turnover.
    package var minutes: Int
    /// What it costs until the first of its changes.
    package var price: Money
    package var priceChanges: [Change<Money>] = []
    package var anesthesia: ProcedurePlan.Anesthesia
    /// Items needed; per side when `perSide`.
    package var items: [NeededItem]
    package var requirements: [RequirementCode]
    package var equipment: [String]
    package var instructions: String?
    package var aftercare: String?
    package var followUpDays: Int?
    package var minimumAge: Int?
    package var maximumBMI: Int?
    package var maximumVolumeMilliliters: Int?
    /// Smoking endangers what heals: a smoker is outside its limits.
    package var isForNonSmokers = false

    package struct NeededItem: Hashable, Sendable, Codable {
        package var sku: SKU
        package var quantity: Int
        package var perSide: Bool

        package init(sku: SKU, quantity: Int, perSide: Bool) {
            self.sku = sku
            self.quantity = quantity
            self.perSide = perSide
        }
    }

    package init(
        code: ProcedureCode, name: String, isPaired: Bool, minutes: Int, price: Money,
        anesthesia: ProcedurePlan.Anesthesia, items: [NeededItem] = [], requirements: [RequirementCode] = [],
        equipment: [String] = []
    ) {
        self.code = code
        self.name = name
        self.isPaired = isPaired
        self.minutes = minutes
        self.price = price
        self.anesthesia = anesthesia
        self.items = items
        self.requirements = requirements
        self.equipment = equipment
    }
}

/// A thing that the clinic keeps in stock.
package struct Item: Hashable, Sendable, Codable {
    /// How closely it is followed.
    package enum Tracking: String, Sendable, Codable {
        case quantity = "NONE"
        case lot = "LOT"
        case serial = "SERIAL"
    }

    package var sku: SKU
    /// Fourteen digits.
    package var gtin: String?
    package var name: String
    package var tracking: Tracking
    package var isImplant: Bool
    /// What a patient is charged for one until the first of its changes; nil when it is part of the procedure's price.
    package var price: Money?
    package var priceChanges: [Change<Money?>] = []
    /// Materials that a patient may be allergic to, in lower case.
    package var materials: [String]
    package var manufacturer: String?

    package init(
        sku: SKU, gtin: String?, name: String, tracking: Tracking, isImplant: Bool = false, price: Money? = nil,
        materials: [String] = [], manufacturer: String? = nil
    ) {
        self.sku = sku
        self.gtin = gtin
        self.name = name
        self.tracking = tracking
        self.isImplant = isImplant
        self.price = price
        self.materials = materials
        self.manufacturer = manufacturer
    }
}

/// A pre-operative requirement that procedures name.
package struct RequirementDefinition: Hashable, Sendable, Codable {
    package var code: RequirementCode
    package var name: String
    package var kind: Requirement.Kind
    /// Days before surgery that a result still counts.
    package var validDays: Int
    package var loinc: String?
    package var instructions: String?

    package init(
        code: RequirementCode, name: String, kind: Requirement.Kind, validDays: Int, loinc: String? = nil,
        instructions: String? = nil
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.validDays = validDays
        self.loinc = loinc
        self.instructions = instructions
    }
}

/// An operating theater.
package struct Theater: Hashable, Sendable, Codable {
    package var id: TheaterID
    package var name: String
    /// Equipment built in.
    package var equipment: [String]
    /// ISO weekdays on which it is open.
    package var weekdays: [Int]
    /// Minutes of the clinic's day; a theater that closes after midnight closes after more than 1440.
    package var opensAt: Int
    package var closesAt: Int
    /// What of its hours is kept for a surgeon or a specialty; the rest is for whoever comes first.
    package var sessions: [TheaterSession] = []

    package init(id: TheaterID, name: String, equipment: [String], weekdays: [Int], opensAt: Int, closesAt: Int) {
        self.id = id
        self.name = name
        self.equipment = equipment
        self.weekdays = weekdays
        self.opensAt = opensAt
        self.closesAt = closesAt
    }
}

/// Movable equipment that cases share.
package struct Equipment: Hashable, Sendable, Codable {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
