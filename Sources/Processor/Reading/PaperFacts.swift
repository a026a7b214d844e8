package import Clinic
import Records

extension Story {
    /// How a plan stands, in its newest version: who is to have what done, by whom and when.
    package struct Proposal: Encodable, Sendable {
        package var state: ProcedurePlan.State
        package var version: Int
        package var mrn: MRN
        package var patient: String?
        package var consultation: ConsultationID
        package var procedures: [String]
        package var surgeon: StaffID
        package var anesthesia: ProcedurePlan.Anesthesia
        package var plannedFor: CalendarDate?
        package var estimate: String?
        package var approvedAt: Instant?
        package var approvedBy: StaffID?
        package var reason: String?

        init(_ plan: ProcedurePlan, patient: String?, in currency: Currency) {
            state = plan.state
            version = plan.version
            mrn = plan.mrn
            self.patient = patient
            consultation = plan.consultation
            procedures = plan.procedures.map { planned in
                planned.side == .notApplicable ? "\(planned.code)" : "\(planned.code) \(planned.side.wording)"
            }
            surgeon = plan.surgeon
            anesthesia = plan.anesthesia
            plannedFor = plan.plannedFor
            estimate = plan.estimate.map { "\(currency.decimal($0)) \(currency.code)" }
            approvedAt = plan.approvedAt
            approvedBy = plan.approvedBy
            reason = plan.reason
        }

        func lines(_ zone: ZoneRules) -> [String] {
            let day = plannedFor.map { ", planned for \($0)" } ?? ""
            let price = estimate.map { ", estimated at \($0)" } ?? ""
            var lines = [
                "\(state.rawValue.lowercased()), version \(version), \(Story.person(mrn, patient)), "
                    + "consultation \(consultation)",
                "\(procedures.joined(separator: "; ")) by \(surgeon), anesthesia \(anesthesia.rawValue.lowercased())"
                    + day + price,
            ]
            if let approvedAt {
                lines.append("approved \(zone.stamp(approvedAt))\(approvedBy.map { " by \($0)" } ?? "")")
            }
            if let reason { lines.append("reason: \(reason)") }
            return lines.map { Terminal.safe("  \($0)") }
        }
    }

    /// How a consent stands: who has signed, who has still to, what was asked.
    package struct Agreement: Encodable, Sendable {
        package var state: Consent.State
        package var kind: Consent.Kind
        package var mrn: MRN
        package var patient: String?
        package var plan: PlanID
        package var planVersion: Int
        package var sha256: String
        package var issuedAt: Instant
        package var signatures: [Consent.Signature]
        package var unsigned: [Consent.Party]
        /// Marked clauses that the patient has not acknowledged yet.
        package var openClauses: [String]
        package var questions: [Consent.Question]
        package var endedAt: Instant?
        package var reason: String?

        init(_ consent: Consent, patient: String?) {
            state = consent.state
            kind = consent.purpose
            mrn = consent.mrn
            self.patient = patient
            plan = consent.plan
            planVersion = consent.planVersion
            sha256 = consent.sha256
            issuedAt = consent.issuedAt
            signatures = consent.signatures
            unsigned = consent.state.isOver ? [] : consent.parties.filter { consent.signature(of: $0) == nil }
            openClauses =
                consent.state.isOver
                ? [] : consent.clauses.filter { $0.isRequired && $0.acknowledgedAt == nil }.map(\.clause)
            questions = consent.questions
            endedAt = consent.endedAt
            reason = consent.reason
        }

        func lines(_ zone: ZoneRules) -> [String] {
            let standing = state.rawValue.lowercased().replacing("_", with: " ")
            var lines = [
                "\(standing), \(kind.rawValue.lowercased()) consent to plan \(plan), version \(planVersion), "
                    + Story.person(mrn, patient),
                "issued \(zone.stamp(issuedAt)), SHA-256 \(sha256)",
            ]
            lines += signatures.map {
                "signed by the \($0.party.rawValue.lowercased()), \($0.signer), \(zone.stamp($0.signedAt))"
            }
            if !openClauses.isEmpty {
                lines.append("clauses still to be acknowledged: \(openClauses.joined(separator: ", "))")
            }
            if !unsigned.isEmpty {
                lines.append("still to sign: \(unsigned.map { $0.rawValue.lowercased() }.joined(separator: ", "))")
            }
            for question in questions {
                lines.append("asked \(zone.stamp(question.askedAt)): \(question.text)")
                let author = question.answeredBy.map { " by \($0)" } ?? ""
                let answered = question.answeredAt.map { "answered \(zone.stamp($0))\(author)" }
                lines.append("  " + (answered.map { "\($0): \(question.answer ?? "")" } ?? "not answered yet"))
            }
            if let endedAt { lines.append("ended \(zone.stamp(endedAt))\(reason.map { ": \($0)" } ?? "")") }
            return lines.map { Terminal.safe("  \($0)") }
        }
    }

    /// How a bill stands: for whom and what, how much, and what of it is open.
    package struct Invoice: Encodable, Sendable {
        package var state: Bill.State
        package var kind: Bill.Kind
        package var mrn: MRN
        package var patient: String?
        package var surgicalCase: CaseID
        /// The bill that this one changes.
        package var ofBill: BillNumber?
        package var issuedAt: Instant
        package var dueOn: CalendarDate
        package var currency: String
        package var net: String
        package var tax: String
        package var total: String
        package var insurer: PayerID?
        package var insurerPart: String
        package var writeOff: String
        package var patientPart: String
        package var patientPaid: String
        package var patientOpen: String
        package var insurerPaid: String
        package var insurerOpen: String
        package var reason: String?

        init(_ bill: Bill, patient: String?, in currency: Currency) {
            state = bill.state
            kind = bill.type
            mrn = bill.mrn
            self.patient = patient
            surgicalCase = bill.surgicalCase
            ofBill = bill.ofBill
            issuedAt = bill.issuedAt
            dueOn = bill.dueOn
            self.currency = bill.currency
            net = currency.decimal(bill.net)
            tax = currency.decimal(bill.tax)
            total = currency.decimal(bill.gross)
            insurer = bill.insurer
            insurerPart = currency.decimal(bill.insurerShare)
            writeOff = currency.decimal(bill.writeOff)
            patientPart = currency.decimal(bill.patientShare)
            patientPaid = currency.decimal(bill.patientPaid)
            patientOpen = currency.decimal(bill.patientOpen)
            insurerPaid = currency.decimal(bill.insurerPaid)
            insurerOpen = currency.decimal(bill.insurerOpen)
            reason = bill.reason
        }

        func lines(_ zone: ZoneRules) -> [String] {
            let of = ofBill.map { " to bill \($0)" } ?? ""
            var lines = [
                "\(state.rawValue.lowercased().replacing("_", with: " ")), \(kind.words)\(of) for case \(surgicalCase), "
                    + Story.person(mrn, patient),
                "issued \(zone.stamp(issuedAt)), due \(dueOn)",
                "total \(total) \(currency) = net \(net) + tax \(tax)",
            ]
            if let insurer {
                lines.append("insurer \(insurer) \(insurerPart) = paid \(insurerPaid) + open \(insurerOpen)")
                lines.append("written off \(writeOff)")
            }
            lines.append("patient's part \(patientPart) = paid \(patientPaid) + open \(patientOpen)")
            if let reason { lines.append("reason: \(reason)") }
            return lines.map { Terminal.safe("  \($0)") }
        }
    }

    /// A patient as a heading names them.
    static func person(_ mrn: MRN, _ name: String?) -> String { "patient \(mrn)" + (name.map { " (\($0))" } ?? "") }
}
