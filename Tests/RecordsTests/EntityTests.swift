import Clinic
import ClinicTesting
import Records
import Testing

@Suite("Entities in their tables")
struct EntityTests {
    @Test("every entity comes back as it was stored, and as the clinic in memory has it")
    func roundTrip() throws {
        let bench = try Workbench()
        let memory = MemoryClinic()
        for event in bench.samples.events { memory.apply(event) }
        try bench.tell()
        try bench.clinic.read { unit throws in
            try compare(Patient.self, unit, memory, count: 2)
            try compare(Registration.self, unit, memory, count: 1)
            try compare(PatientAccount.self, unit, memory, count: 1)
            try compare(Credential.self, unit, memory, count: 1)
            try compare(PossibleDuplicate.self, unit, memory, count: 1)
            try compare(Consultation.self, unit, memory, count: 1)
            try compare(ProcedurePlan.self, unit, memory, count: 1)
            try compare(Consent.self, unit, memory, count: 1)
            try compare(ConsentSnapshot.self, unit, memory, count: 1)
            try compare(Requirement.self, unit, memory, count: 1)
            try compare(Clearance.self, unit, memory, count: 1)
            try compare(SurgicalCase.self, unit, memory, count: 1)
            try compare(Booking.self, unit, memory, count: 3)
            try compare(InventoryLot.self, unit, memory, count: 1)
            try compare(SerialUnit.self, unit, memory, count: 1)
            try compare(StockMovement.self, unit, memory, count: 3)
            try compare(Recall.self, unit, memory, count: 1)
            try compare(Reservation.self, unit, memory, count: 1)
            try compare(Incident.self, unit, memory, count: 1)
            try compare(Bill.self, unit, memory, count: 2)
            try compare(BillDue.self, unit, memory, count: 1)
            try compare(Payment.self, unit, memory, count: 2)
            try compare(RecordsRequest.self, unit, memory, count: 1)
        }
    }

    private func compare<Entity: ClinicEntity>(_ type: Entity.Type, _ unit: Unit, _ memory: MemoryClinic, count: Int)
        throws
    {
        let expected = memory.all(type)
        #expect(expected.count == count)
        #expect(try unit.all(type) == expected)
        #expect(try unit.count(type) == count)
        for entity in expected {
            #expect(try unit.fetch(type, id: entity.id) == entity)
        }
        #expect(try unit.fetch(type, id: "nobody") == nil)
    }

    @Test("every lookup finds what the clinic in memory finds")
    func lookups() throws {
        let bench = try Workbench()
        let samples = bench.samples
        let memory = MemoryClinic()
        for event in samples.events { memory.apply(event) }
        try bench.tell()
        let during = Interval(start: samples.time.adding(minutes: 29), minutes: 10)
        let after = Interval(start: samples.time.adding(minutes: 30), minutes: 10)
        let ending = Interval(start: samples.time.adding(minutes: 150), minutes: 10)
        let sku = SKU("IMP-300")
        try bench.clinic.read { unit throws in
            func same<Entity: ClinicEntity>(_ type: Entity.Type, _ lookup: Entity.Lookup, _ count: Int) throws {
                let found = try unit.fetch(type, where: lookup)
                let expected = memory.fetch(type, where: lookup)
                #expect(found == expected, "\(lookup)")
                #expect(found.count == count, "\(lookup)")
            }
            try same(Patient.self, .nationalID("NI-1"), 1)
            try same(Patient.self, .identifier("LAB/é"), 1)
            try same(Patient.self, .identifier("LAB/e"), 0)
            try same(Patient.self, .bornOn(.on("1990-02-28")), 2)
            try same(Patient.self, .familyName("O'Neil"), 1)
            try same(Patient.self, .phone("no such number"), 0)
            try same(Patient.self, .email("nobody@example.org"), 0)
            try same(Patient.self, .familyName("o'neil"), 0)
            try same(Patient.self, .mergedInto(samples.mrn), 0)
            for (date, count) in [("1990-11-11", 1), ("1955-02-28", 1), ("1955-11-11", 0)] {
                let given = "Zoë \"Zo\""
                try same(Patient.self, .namesake(given: given, family: "O'Neil", bornAbout: .on(date)), count)
                try same(Patient.self, .namesake(given: "Zoe", family: "O'Neil", bornAbout: .on(date)), 0)
            }
            try same(Registration.self, .reference("K-1"), 1)
            try same(Registration.self, .patient(samples.mrn), 1)
            try same(PatientAccount.self, .email("zoe@example.test"), 1)
            try same(PossibleDuplicate.self, .patient(samples.otherMRN), 1)
            try same(PossibleDuplicate.self, .inState(.open), 1)
            try same(PossibleDuplicate.self, .inState(.distinct), 0)
            try same(Consultation.self, .patient(samples.mrn), 1)
            try same(Consultation.self, .surgeon(StaffID("S1"), on: during), 0)
            try same(Consultation.self, .attending(samples.mrn, on: during), 0)
            try same(ProcedurePlan.self, .plan(samples.plan), 1)
            try same(ProcedurePlan.self, .patient(samples.mrn), 1)
            try same(ProcedurePlan.self, .consultation(ConsultationID("K-1")), 1)
            try same(Consent.self, .plan(samples.plan), 1)
            try same(Consent.self, .patient(samples.mrn), 1)
            try same(Consent.self, .alias(ConsentID("THEIRS-1")), 1)
            try same(Consent.self, .alias(ConsentID("CO-1")), 0)
            try same(Requirement.self, .plan(samples.plan), 1)
            try same(Requirement.self, .patient(samples.mrn), 1)
            try same(SurgicalCase.self, .plan(samples.plan), 1)
            try same(SurgicalCase.self, .patient(samples.mrn), 1)
            try same(SurgicalCase.self, .inState(.completed), 1)
            try same(SurgicalCase.self, .inState(.scheduled), 0)
            try same(SurgicalCase.self, .theater(TheaterID("T1"), on: after), 1)
            try same(SurgicalCase.self, .theater(TheaterID("T1"), on: ending), 0)
            try same(Booking.self, .surgicalCase(samples.caseID), 3)
            try same(Booking.self, .active(.theater, "T1", overlapping: after), 1)
            try same(Booking.self, .active(.theater, "T1", overlapping: ending), 0)
            try same(InventoryLot.self, .item(sku), 1)
            try same(InventoryLot.self, .lot(sku, "L1"), 1)
            try same(SerialUnit.self, .lot(sku, "L1"), 1)
            try same(SerialUnit.self, .surgicalCase(samples.caseID), 1)
            try same(StockMovement.self, .lot(sku, "L1"), 3)
            try same(Recall.self, .lot(sku, "L1"), 1)
            try same(Recall.self, .reference("RC-1"), 1)
            try same(Recall.self, .reference("RC-2"), 0)
            try same(StockMovement.self, .surgicalCase(samples.caseID), 1)
            try same(StockMovement.self, .reference("M-2"), 1)
            try same(Reservation.self, .plan(samples.plan), 1)
            try same(Reservation.self, .lot(sku, "L1"), 1)
            try same(Incident.self, .surgicalCase(samples.caseID), 1)
            try same(Incident.self, .lot(sku, "L9"), 1)
            try same(Bill.self, .surgicalCase(samples.caseID), 2)
            try same(Bill.self, .patient(samples.mrn), 2)
            try same(Bill.self, .plan(samples.plan), 2)
            try same(BillDue.self, .open, 1)
            try same(Discount.self, .surgicalCase(samples.caseID), 1)
            try same(Payment.self, .patient(samples.mrn), 2)
            try same(Payment.self, .reference("1"), 1)
            try same(Payment.self, .transaction(processor: "Stripe", id: "tx-2"), 1)
            try same(Payment.self, .transaction(processor: "STRIPE", id: "tx-2"), 1)
            try same(Payment.self, .transaction(processor: "Stripe", id: "TX-2"), 0)
            try same(Payment.self, .plan(samples.plan), 2)
            try same(Payment.self, .original("finance/1"), 1)
            try same(RecordsRequest.self, .patient(samples.mrn), 1)
        }
    }

    @Test("a scheduled consultation takes its surgeon's time half open")
    func surgeonIsBusy() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "consultation.scheduled")
        let start = bench.samples.time
        try bench.clinic.read { unit throws in
            func found(_ from: Int, _ minutes: Int) throws -> Int {
                let interval = Interval(start: start.adding(minutes: from), minutes: minutes)
                let patients = try unit.fetch(Consultation.self, where: .attending(bench.samples.mrn, on: interval))
                let surgeons = try unit.fetch(Consultation.self, where: .surgeon(StaffID("S1"), on: interval))
                #expect(patients == surgeons)
                return surgeons.count
            }
            #expect(try found(29, 10) == 1)
            #expect(try found(30, 10) == 0)
            #expect(try found(-10, 10) == 0)
            #expect(try found(-10, 11) == 1)
        }
    }

    @Test("identifiers and aliases follow their entity")
    func sideTables() throws {
        let bench = try Workbench()
        try bench.tell()
        try bench.write { unit throws in
            var patient = bench.samples.patient
            patient.identifiers = ["NHS/2"]
            try unit.apply(bench.samples.event("patient.updated", patient))
            #expect(try unit.fetch(Patient.self, where: .identifier("NHS/1")).isEmpty)
            #expect(try unit.fetch(Patient.self, where: .identifier("NHS/2")) == [patient])
            var consent = bench.samples.signedConsent
            consent.aliases.append(ConsentID("THEIRS-2"))
            try unit.apply(bench.samples.event("consent.named", consent))
            #expect(try unit.fetch(Consent.self, where: .alias(ConsentID("THEIRS-2"))) == [consent])
        }
    }

    @Test("cases by day and open bills")
    func questions() throws {
        let bench = try Workbench()
        try bench.tell()
        try bench.clinic.read { unit throws in
            let day = Interval(start: .at("2026-11-23T00:00:00Z"), end: .at("2026-11-24T00:00:00Z"))
            let next = Interval(start: .at("2026-11-24T00:00:00Z"), end: .at("2026-11-25T00:00:00Z"))
            #expect(try unit.cases(startingIn: day).map(\.id) == ["C-1"])
            #expect(try unit.cases(startingIn: next).isEmpty)
            #expect(try unit.openBills().map(\.id) == ["B-000001", "B-000002"])
        }
    }
}
