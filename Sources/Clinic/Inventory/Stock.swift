/// One lot of one item at one location.
package struct InventoryLot: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case available = "AVAILABLE"
        case quarantined = "QUARANTINED"
        case recalled = "RECALLED"
    }

    package enum Lookup: Hashable, Sendable {
        case item(SKU)
        /// One lot wherever it lies.
        case lot(SKU, String)
    }

    package static let kind = "lot"

    package var sku: SKU
    /// Empty for items that are not tracked by lot.
    package var lot: String
    package var location: String
    package var state: State
    package var expiresOn: CalendarDate?
    package var onHand: Int
    /// Of those on hand, kept for plans.
    package var reserved: Int
    package var unitCost: Money?
    package var receivedAt: Instant

    package init(sku: SKU, lot: String, location: String, expiresOn: CalendarDate?, receivedAt: Instant) {
        self.sku = sku
        self.lot = lot
        self.location = location
        self.state = .available
        self.expiresOn = expiresOn
        self.onHand = 0
        self.reserved = 0
        self.receivedAt = receivedAt
    }

    /// The senders choose lots and locations: a bar within one must not make it another lot at another place.
    package static func id(_ sku: SKU, _ lot: String, _ location: String) -> String {
        "\(sku)|\(barred(lot))|\(barred(location))"
    }

    private static func barred(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "\\") }) else { return part }
        var bytes: [UInt8] = []
        for byte in part.utf8 {
            if byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var id: String { InventoryLot.id(sku, lot, location) }
    package var keys: [Key] { [.item(sku)] }
    package var free: Int { onHand - reserved }

    /// A lot may be used through the whole of its expiry day.
    package func isExpired(on date: CalendarDate) -> Bool { expiresOn.map { $0 < date } ?? false }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .item(let sku): self.sku == sku
        case .lot(let sku, let lot): self.sku == sku && self.lot.utf8.elementsEqual(lot.utf8)
        }
    }
}

/// One serial-numbered device, such as an implant.
package struct SerialUnit: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case inStock = "IN_STOCK"
        case used = "USED"
        case wasted = "WASTED"
        case gone = "GONE"
    }

    package enum Lookup: Hashable, Sendable {
        case lot(SKU, String)
        case surgicalCase(CaseID)
    }

    package static let kind = "serial"

    package var sku: SKU
    package var serial: String
    package var lot: String
    package var location: String
    package var state: State
    package var surgicalCase: CaseID?
    package var side: Side?

    package init(sku: SKU, serial: String, lot: String, location: String, state: State = .inStock) {
        self.sku = sku
        self.serial = serial
        self.lot = lot
        self.location = location
        self.state = state
    }

    package var id: String { "\(sku)|\(serial)" }
    package var keys: [Key] { [.item(sku)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .lot(let sku, let lot): self.sku == sku && self.lot.utf8.elementsEqual(lot.utf8)
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        }
    }
}

/// One change of stock; the stock on hand is the sum of them.
package struct StockMovement: ClinicEntity {
    package enum Kind: String, Codable, Sendable {
        case receive = "RECEIVE"
        case use = "USE"
        case giveBack = "RETURN"
        case waste = "WASTE"
        case dispose = "DISPOSE"
        case returnToSupplier = "RETURN_TO_SUPPLIER"
        case count = "COUNT"
        case transferOut = "TRANSFER_OUT"
        case transferIn = "TRANSFER_IN"
        case quarantine = "QUARANTINE"
        case accept = "ACCEPT"
        case recall = "RECALL"
        case void = "VOID"

        /// It changes whether the lot may be used, and no quantity.
        package var isOfStanding: Bool { self == .quarantine || self == .accept || self == .recall }
    }

    package enum Lookup: Hashable, Sendable {
        case lot(SKU, String)
        case surgicalCase(CaseID)
        case reference(String)
        /// One device.
        case serial(SKU, String)
    }

    package static let kind = "movement"

    /// Its number in the series of movements.
    package var number: Int64
    package var movement: Kind
    package var sku: SKU
    package var lot: String
    package var location: String
    package var serial: String?
    /// Signed: what it adds to the stock on hand of its lot and location.
    package var change: Int
    package var surgicalCase: CaseID?
    package var mrn: MRN?
    package var side: Side?
    package var occurredAt: Instant
    package var source: SourceName
    package var reference: String
    package var reason: String?
    /// The movement that this one undoes or returns of.
    package var original: Int64?
    package var actor: String?
    /// The state of the lot before a movement that may change it.
    package var stateBefore: InventoryLot.State?
    /// Of what was used, so many were kept for the case's plan.
    package var fromReservation: Int?

    package init(
        number: Int64, movement: Kind, sku: SKU, lot: String, location: String, change: Int, occurredAt: Instant,
        source: SourceName, reference: String
    ) {
        self.number = number
        self.movement = movement
        self.sku = sku
        self.lot = lot
        self.location = location
        self.change = change
        self.occurredAt = occurredAt
        self.source = source
        self.reference = reference
    }

    package var id: String { Digits.padded(number, 10) }
    package var keys: [Key] {
        [.item(sku), .reference(.inventory, reference)] + (surgicalCase.map { [.surgicalCase($0)] } ?? [])
    }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .lot(let sku, let lot): self.sku == sku && self.lot.utf8.elementsEqual(lot.utf8)
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        case .reference(let reference): self.reference.utf8.elementsEqual(reference.utf8)
        case .serial(let sku, let serial): self.sku == sku && (self.serial?.utf8.elementsEqual(serial.utf8) ?? false)
        }
    }
}

/// Stock kept for a plan and its date.
package struct Reservation: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case active = "ACTIVE"
        case released = "RELEASED"
        case consumed = "CONSUMED"
    }

    package enum Lookup: Hashable, Sendable {
        case plan(PlanID)
        case lot(SKU, String)
    }

    package static let kind = "reservation"

    package var number: Int64
    package var plan: PlanID
    package var sku: SKU
    package var lot: String
    package var location: String
    package var quantity: Int
    package var neededOn: CalendarDate
    package var state: State

    package init(
        number: Int64, plan: PlanID, sku: SKU, lot: String, location: String, quantity: Int, neededOn: CalendarDate
    ) {
        self.number = number
        self.plan = plan
        self.sku = sku
        self.lot = lot
        self.location = location
        self.quantity = quantity
        self.neededOn = neededOn
        self.state = .active
    }

    package var id: String { Digits.padded(number, 10) }
    package var keys: [Key] { [.item(sku), .plan(plan)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .plan(let plan): self.plan == plan
        case .lot(let sku, let lot): self.sku == sku && self.lot.utf8.elementsEqual(lot.utf8)
        }
    }
}

/// A use that the rules refused although it names a case: it may already be in the patient.
package struct Incident: ClinicEntity {
    package enum Lookup: Hashable, Sendable {
        case surgicalCase(CaseID)
        case lot(SKU, String)
    }

    package static let kind = "incident"

    package var number: Int64
    package var surgicalCase: CaseID
    package var sku: SKU
    package var lot: String?
    package var serial: String?
    /// The rule that refused the use.
    package var code: String
    package var occurredAt: Instant

    package init(
        number: Int64, surgicalCase: CaseID, sku: SKU, lot: String?, serial: String?, code: String, occurredAt: Instant
    ) {
        self.number = number
        self.surgicalCase = surgicalCase
        self.sku = sku
        self.lot = lot
        self.serial = serial
        self.code = code
        self.occurredAt = occurredAt
    }

    package var id: String { Digits.padded(number, 10) }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        case .lot(let sku, let lot): self.sku == sku && (self.lot?.utf8.elementsEqual(lot.utf8) ?? false)
        }
    }
}
