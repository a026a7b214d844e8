import Clinic
import ClinicTesting

/// Statements over the clinic as it stands.
extension Statements {
    /// A case that is booked has an approved plan and a consent that is signed still.
    func checkCases() {
        for surgicalCase in state.all(SurgicalCase.self) where surgicalCase.state == .scheduled {
            let plan = state.fetch(ProcedurePlan.self, id: "\(surgicalCase.plan)#\(surgicalCase.planVersion)")
            claim(plan?.state == .approved, "\(surgicalCase.id) stays booked without an approved plan")
            let signed = state.all(Consent.self).contains {
                $0.plan == surgicalCase.plan && $0.purpose == .surgical && $0.state == .signed
            }
            claim(signed, "\(surgicalCase.id) stays booked without a signed consent")
            claim(surgicalCase.procedures.map(\.side) == plan?.procedures.map(\.side), "\(surgicalCase.id): sides")
            // One that was to be before the death may still be told of.
            if let death = deaths[surgicalCase.mrn], let start = surgicalCase.startsAt {
                claim(start <= death, "\(surgicalCase.id) stays booked for a patient who died")
            }
        }
    }

    /// No theater, person or piece of equipment is taken twice at a time, nor is the patient.
    func checkBookings() {
        let active = state.all(Booking.self).filter(\.isActive)
        let byResource = Dictionary(grouping: active) { "\($0.resource.rawValue) \($0.resourceID)" }
        for (resource, bookings) in byResource.sorted(by: { $0.key < $1.key }) {
            let sorted = bookings.sorted { $0.startsAt < $1.startsAt }
            for (one, next) in zip(sorted, sorted.dropFirst()) {
                claim(one.endsAt <= next.startsAt, "\(resource): \(one.surgicalCase) and \(next.surgicalCase) overlap")
            }
        }
        for booking in active {
            let owner = state.fetch(SurgicalCase.self, id: booking.surgicalCase.rawValue)
            claim(
                owner.map { ![.cancelled, .postponed, .created].contains($0.state) } ?? false,
                "\(booking.id) is taken for a case that is not booked")
        }
    }

    /// Stock on hand is the sum of the movements, never negative, and each use has a case.
    func checkStock() {
        var sums: [String: Int] = [:]
        for movement in state.all(StockMovement.self) {
            sums[InventoryLot.id(movement.sku, movement.lot, movement.location), default: 0] += movement.change
            guard movement.movement == .use else { continue }
            let taker = movement.surgicalCase.flatMap { state.fetch(SurgicalCase.self, id: $0.rawValue) }
            claim(taker?.state.takesInventory ?? false, "use \(movement.number) has no case that takes it")
            claim(movement.mrn == taker?.mrn, "use \(movement.number) is of another patient than its case")
        }
        var reserved: [String: Int] = [:]
        for reservation in state.all(Reservation.self) where reservation.state == .active {
            reserved[InventoryLot.id(reservation.sku, reservation.lot, reservation.location), default: 0] +=
                reservation.quantity
        }
        for lot in state.all(InventoryLot.self) {
            claim(
                lot.onHand == sums[lot.id, default: 0], "\(lot.id): \(lot.onHand) on hand, moved \(sums[lot.id] ?? 0)")
            claim(lot.onHand >= 0, "\(lot.id): \(lot.onHand) on hand")
            claim(
                lot.reserved == reserved[lot.id, default: 0],
                "\(lot.id): \(lot.reserved) reserved, by reservations \(reserved[lot.id] ?? 0)")
            claim(
                lot.reserved <= lot.onHand,
                "\(lot.id): \(lot.reserved) reserved of \(lot.onHand) on hand, \(lot.state.rawValue)")
        }
        checkSerials()
    }

    /// One device is in one place: a serial that is used is in one case.
    private func checkSerials() {
        var uses: [String: Int] = [:]
        for movement in state.all(StockMovement.self) {
            guard let serial = movement.serial, movement.surgicalCase != nil || movement.movement == .void else {
                continue
            }
            uses["\(movement.sku)|\(serial)", default: 0] -= movement.movement == .waste ? 0 : movement.change
        }
        for unit in state.all(SerialUnit.self) {
            let standing = uses[unit.id, default: 0]
            claim((unit.state == .used) == (standing == 1) || unit.state != .used, "\(unit.id): used \(standing) times")
            claim(unit.state != .used || unit.surgicalCase != nil, "\(unit.id) is used without a case")
        }
    }

    /// Bills are the sums of their lines; what came in is set against bills, kept as credit, or went back: to the cent.
    func checkMoney() throws {
        let bills = state.all(Bill.self)
        let payments = state.all(Payment.self)
        for bill in bills { checkArithmetic(of: bill) }
        var paid: [BillNumber: Money] = [:]
        for payment in payments where payment.type == .payment {
            claim(payment.unapplied >= .zero, "payment \(payment.id): more set against bills than came in")
            claim(payment.returned <= payment.amount, "payment \(payment.id): more went back than came in")
            for allocation in payment.allocations { paid[allocation.bill, default: .zero] += allocation.amount }
        }
        for bill in bills where bill.type != .creditNote {
            let credited = bills.filter { $0.type == .creditNote && $0.ofBill == bill.number }
            let offset = credited.map { -($0.patientPaid + $0.insurerPaid) }.total
            claim(
                bill.patientPaid + bill.insurerPaid == paid[bill.number, default: .zero] + offset,
                "bill \(bill.number): paid \(bill.patientPaid + bill.insurerPaid), set against it \(paid[bill.number, default: .zero]) and credited \(offset)"
            )
        }
        let received = payments.filter { $0.type == .payment }.map(\.amount).total
        let returned = payments.filter { $0.type != .payment }.map(\.amount).total
        let credit = payments.filter { $0.type == .payment }.map(\.unapplied).total
        claim(received - returned == credit + paid.values.total, "money in and out does not balance overall")
        checkNumbers(bills.map(\.number.rawValue), "bills")
        checkNumbers(payments.compactMap { $0.receipt?.rawValue }, "receipts")
        try checkPatientBalances(bills, payments)
    }

    /// Each patient's money adds up, and all patients' together are the clinic's.
    private func checkPatientBalances(_ bills: [Bill], _ payments: [Payment]) throws {
        let whole = Balance(of: bills, payments)
        var open = Money.zero
        var credit = Money.zero
        for patient in state.all(Patient.self) where patient.mergedInto == nil {
            let balance = try state.balance(of: patient.mrn)
            open += balance.open
            credit += balance.credit + balance.deposits
            claim(
                balance.patient == balance.paid + balance.open,
                "\(patient.mrn): charges \(balance.patient), paid \(balance.paid), open \(balance.open)")
            claim(
                balance.billed == balance.insurer + balance.writeOff + balance.patient,
                "\(patient.mrn): billed is not insurer, write-off and patient")
            claim(balance.credit >= .zero && balance.deposits >= .zero, "\(patient.mrn): credit \(balance.credit)")
        }
        claim(open == whole.open, "patients owe \(open), the clinic is owed \(whole.open)")
        claim(credit == whole.credit + whole.deposits, "patients have \(credit), the clinic keeps \(whole.credit)")
    }

    private func checkArithmetic(of bill: Bill) {
        // A credit note is taxed by its own sums: line by line it may differ from what it takes back, within its rounding.
        for line in bill.lines where bill.type != .creditNote {
            claim(
                line.net + line.tax == line.insurerShare + line.writeOff + line.patientShare,
                "bill \(bill.number), line \(line.number): parts do not add up")
        }
        claim(bill.net == bill.lines.map(\.net).total, "bill \(bill.number): net is not the sum of its lines")
        claim(bill.gross == bill.net + bill.tax, "bill \(bill.number): gross is not net and tax")
        claim(
            bill.gross + bill.rounding == bill.insurerShare + bill.writeOff + bill.patientShare,
            "bill \(bill.number): insurer, write-off and patient do not add up")
        claim(
            bill.type == .creditNote || bill.patientPaid <= bill.patientShare && bill.insurerPaid <= bill.insurerShare,
            "bill \(bill.number): more is paid than it charges")
    }

    /// Numbers that we give have no gaps and are given once.
    private func checkNumbers(_ numbers: [String], _ series: String) {
        let values = numbers.compactMap { number in Int(number.drop { !$0.isNumber }) }.sorted()
        claim(values == Array(1...max(values.count, 1)).prefix(values.count).map { $0 }, "\(series): \(values)")
    }

    /// A merge leads to a record that stands; every number of ours checks.
    func checkPatients() {
        for patient in state.all(Patient.self) {
            var current = patient
            var steps = 0
            while let next = current.mergedInto, let survivor = state.fetch(Patient.self, id: next.rawValue), steps < 50
            {
                current = survivor
                steps += 1
            }
            claim(current.mergedInto == nil, "\(patient.mrn) is merged in a circle")
            claim((patient.mergedInto != nil) == (patient.state == .merged), "\(patient.mrn): merged, and where to")
        }
    }
}
