import Clinic

/// A history of a clinic: the entries of several patients and of the store, in the order in which they arrive.
package struct History: Sendable {
    /// How far the order of arrival may differ from the order in which things happened.
    package enum Disorder: Sendable, CaseIterable {
        case none
        /// Each sender keeps its own order.
        case bySender
        case full
    }

    package let seed: UInt64
    package private(set) var told: [Told]

    /// A history without slips and turns, in the order in which it happened: what the order must not change.
    package init(right seed: UInt64, patients: Int) {
        self.seed = seed
        var chance = Chance(seed: seed)
        told = History.lives(patients, takeTurns: false, chance: &chance)
    }

    /// A history as it really is: right and wrong entries, some told twice, in some disorder.
    package init(real seed: UInt64, patients: Int) {
        self.seed = seed
        var chance = Chance(seed: seed)
        let slips = chance.one(of: [0, 5, 15, 40])
        told = []
        for (number, right) in History.lives(patients, chance: &chance).enumerated() {
            if chance.happens(slips) {
                told.append(SlipMaker.slip(in: right, number: number, chance: &chance))
                if chance.happens(60) { told.append(right) }
            } else {
                told.append(right)
            }
            if chance.happens(4) { told.append(right) }
        }
        arrange(chance.one(of: Disorder.allCases), chance: &chance)
    }

    private static func lives(_ patients: Int, takeTurns: Bool = true, chance: inout Chance) -> [Told] {
        var store = StoreWriter(
            chance: Chance(seed: chance.next()), patients: patients, isDisturbed: takeTurns)
        var all = store.write()
        for patient in 0..<patients {
            var life = LifeWriter(
                chance: Chance(seed: chance.next()), patient: patient, takesTurns: takeTurns)
            all += life.write()
        }
        let arrivals = all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return arrivals.map(\.element)
    }

    /// The same entries in another order.
    package mutating func arrange(_ disorder: Disorder, chance: inout Chance) {
        switch disorder {
        case .none: break
        case .bySender: told = History.interleaved(told, chance: &chance)
        case .full: told.shuffle(using: &chance)
        }
    }

    private static func interleaved(_ told: [Told], chance: inout Chance) -> [Told] {
        var senders: [SourceName] = []
        for entry in told where !senders.contains(entry.sender) { senders.append(entry.sender) }
        var queues = senders.map { sender in told.filter { $0.sender == sender }[...] }
        var order: [Told] = []
        while !queues.isEmpty {
            let queue = chance.number(0...queues.count - 1)
            if let next = queues[queue].popFirst() { order.append(next) }
            if queues[queue].isEmpty { queues.remove(at: queue) }
        }
        return order
    }
}

/// Entries that nobody can write beforehand, since they name numbers that the clinic gave: of patients, bills, receipts.
package struct Counter {
    package var chance: Chance
    private var count = 0

    package init(chance: Chance) { self.chance = chance }

    /// An entry about something that is there now.
    package mutating func entry(in desk: HistoryDesk) -> Told? {
        count += 1
        let time = desk.now.adding(minutes: -chance.number(0...10_000))
        let reference = "COUNTER-\(count)"
        func told(_ sender: SourceName, _ form: FormName, _ action: String, _ values: [Field: Value]) -> Told {
            Told(sender, form, action, at: time, reference: reference, values)
        }
        let bills = desk.state.all(Bill.self)
        let patients = desk.state.all(Patient.self)
        let payments = desk.state.all(Payment.self)
        switch chance.number(1...5) {
        case 1 where !bills.isEmpty:
            let bill = chance.one(of: bills)
            let amount = chance.one(of: [bill.patientOpen.minorUnits, bill.insurerOpen.minorUnits, 12_345, 100])
            return told(
                "finance", .payment, "PAY",
                [
                    .bill: .text(bill.number.rawValue), .amount: .minor(max(amount, 1)), .currency: "GBP",
                    .method: "CARD", .payer: .text(chance.happens(25) ? "INSURER" : "PATIENT"),
                    .processor: .text(chance.one(of: ["Acquirer", "ACQUIRER"])),
                    .transactionID: .text("TX-\(chance.number(1...200))"), .paidAt: .instant(time),
                ])
        case 2 where !bills.isEmpty:
            let bill = chance.one(of: bills)
            return change(of: bill, told: told)
        case 3 where patients.count > 1:
            let one = chance.one(of: patients)
            let other = chance.one(of: patients)
            let action = chance.one(of: [
                "MERGE", "UNMERGE", "UNMERGE", "DISTINCT", "UPDATE", "DEACTIVATE", "REACTIVATE", "REACTIVATE",
            ])
            if action == "MERGE", !chance.happens(20) { return nil }
            return told(
                "desk", .patient, action,
                [.mrn: .text(one.mrn.rawValue), .intoMRN: .text(other.mrn.rawValue), .city: "London"])
        case 4 where !payments.isEmpty:
            let payment = chance.one(of: payments)
            return told(
                "finance", .payment, chance.one(of: ["REFUND", "REVERSE"]),
                [
                    .original: .text(payment.id), .amount: .minor(max(payment.amount.minorUnits / 2, 1)),
                    .currency: "GBP", .method: "CARD", .reason: "asked for", .requestedBy: "F1",
                    .approvedBy: .text(chance.one(of: ["F1", "F2", "F2"])), .paidAt: .instant(time),
                ])
        case 5 where !patients.isEmpty && chance.happens(15):
            return told(
                "desk", .patient, "DECEASE", [.mrn: .text(chance.one(of: patients).mrn.rawValue)])
        default: return nil
        }
    }

    private mutating func change(
        of bill: Bill, told: (SourceName, FormName, String, [Field: Value]) -> Told
    ) -> Told {
        var values: [Field: Value] = [
            .bill: .text(bill.number.rawValue), .reason: "goodwill", .requestedBy: "F1",
            .approvedBy: .text(chance.one(of: ["F1", "F2", "F2"])),
        ]
        if chance.happens(50) { values[.line] = .integer(chance.number(1...4)) }
        if chance.happens(60) {
            values[.amount] = .minor(Int64(chance.one(of: [1, 999, 5_000, 900_000])))
        } else {
            values[.percent] = .text(chance.one(of: ["5", "12.5", "100", "101"]))
        }
        return told(
            "finance", .bill, chance.one(of: ["DISCOUNT", "ADJUST", "CREDIT", "WAIVE", "CANCEL"]), values)
    }
}
