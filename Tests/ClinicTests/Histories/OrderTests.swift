import Clinic
import ClinicTesting
import Testing

@Suite("The order of arrival")
struct OrderTests {
    private func settled(_ told: [Told]) throws -> HistoryDesk {
        let desk = HistoryDesk(now: .at("2026-11-23T18:00:00Z"))
        let statements = Statements(of: desk)
        desk.watch = { try statements.check(after: $0) }
        for entry in told { try desk.tell(entry) }
        try desk.drain()
        try statements.checkAll()
        #expect(statements.broken.isEmpty)
        return desk
    }

    /// A clinic in lines, with each patient under the number that another clinic gave, and without the other numbers
    /// that we give: what must be the same whatever the order.
    private func picture(of desk: HistoryDesk, numbers: [String: MRN]) throws -> Set<String> {
        let state = desk.state
        func known(_ mrn: MRN) -> MRN { numbers[name(of: mrn, in: state)] ?? mrn }
        func lines<Entity: ClinicEntity>(_ type: Entity.Type, _ path: WritableKeyPath<Entity, MRN>) -> [String] {
            state.all(type).map { entity in
                var entity = entity
                entity[keyPath: path] = known(entity[keyPath: path])
                if let consent = entity as? Consent { return "\(unsealed(consent))" }
                return "\(entity)"
            }
        }
        var lines =
            lines(ProcedurePlan.self, \.mrn) + lines(Consent.self, \.mrn) + lines(Requirement.self, \.mrn)
            + lines(Clearance.self, \.mrn) + lines(SurgicalCase.self, \.mrn) + lines(Consultation.self, \.mrn)
        lines += state.all(Booking.self).map { booking in
            let owner = state.all(Patient.self).first { $0.mrn.rawValue == booking.resourceID }
            let holder = owner.map { known($0.mrn).rawValue } ?? booking.resourceID
            return "\(booking.surgicalCase) \(holder) \(booking.startsAt) \(booking.endsAt) \(booking.isActive)"
        }
        lines += state.all(InventoryLot.self).map { "\($0)" } + state.all(SerialUnit.self).map { "\($0)" }
        lines += state.all(StockMovement.self).map {
            "\($0.reference) \($0.movement) \($0.sku) \($0.lot) \($0.change) \($0.mrn.map(known)?.rawValue ?? "")"
        }
        lines += state.all(Bill.self).map { "\($0.surgicalCase) \($0.type) \($0.gross) \($0.patientShare)" }
        lines += state.all(Payment.self).map { "\($0.id) \($0.amount)" }
        lines += try state.all(Patient.self).map {
            "\(known($0.mrn)) \(try state.balance(of: $0.mrn))"
        }
        return Set(lines)
    }

    private func name(of mrn: MRN, in state: MemoryClinic) -> String {
        state.fetch(Patient.self, id: mrn.rawValue)?.fullName ?? ""
    }

    /// A consent without what its text says of the patient's number.
    private func unsealed(_ consent: Consent) -> Consent {
        var consent = consent
        consent.sha256 = ""
        for index in consent.signatures.indices { consent.signatures[index].sha256 = "" }
        consent.signatures.sort { $0.signedAt < $1.signedAt }
        return consent
    }

    @Test(
        "lives told in any order that keeps each sender's own settle in the same state, up to the numbers we give",
        arguments: UInt64(1)...30)
    func anyOrder(seed: UInt64) throws {
        let history = History(right: seed, patients: 3)
        let reference = try settled(history.told)
        let numbers = Dictionary(
            uniqueKeysWithValues: reference.state.all(Patient.self).map { ($0.fullName, $0.mrn) })
        let expected = try picture(of: reference, numbers: numbers)
        var chance = Chance(seed: seed)
        for _ in 0..<2 {
            var other = history
            other.arrange(.bySender, chance: &chance)
            let desk = try settled(other.told)
            #expect(desk.outcomes.count == reference.outcomes.count)
            let different = try picture(of: desk, numbers: numbers).symmetricDifference(expected).sorted()
            #expect(different == [], "seed \(seed): \(desk.refusals), before \(reference.refusals)")
            #expect(desk.heldEntries.isEmpty == reference.heldEntries.isEmpty, "seed \(seed): \(desk.heldEntries)")
        }
    }
}
