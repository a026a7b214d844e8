import Clinic

/// `payers.yml`: the insurers and the terms agreed with them.
struct PayersFile {
    static let keys = ["payers"]

    let payers: [Payer]

    init(reading root: Section, currency: Currency) {
        payers = root.sections("payers", of: .payer, keys: Self.payerKeys).compactMap { Self.payer($0, currency) }
    }

    private static let payerKeys = [
        "id", "name", "basis_points", "deductible", "cap", "write_off_basis_points", "needs_authorization", "changes",
    ]

    private static func payer(_ section: Section, _ currency: Currency) -> Payer? {
        var section = section
        let id = section.declare(.payer, by: "id")
        let name = section.required("name", .text)
        let basisPoints = section.required("basis_points", .number(0...10_000))
        let deductible = section.required("deductible", .money(currency))
        let cap = section.optional("cap", .money(currency))
        let writeOff = section.required("write_off_basis_points", .number(0...10_000))
        let needsAuthorization = section.required("needs_authorization", .flag)
        guard let id, let name, let basisPoints, let deductible, let writeOff, let needsAuthorization else {
            return nil
        }
        var payer = Payer(
            id: PayerID(id), name: name, basisPoints: basisPoints, deductible: deductible, cap: cap,
            writeOffBasisPoints: writeOff, needsAuthorization: needsAuthorization)
        payer.changes = section.changes("changes", keys: Array(payerKeys[2...6])) { change, before in
            var terms = before ?? payer
            change.set(&terms.basisPoints, "basis_points", .number(0...10_000))
            change.set(&terms.deductible, "deductible", .money(currency))
            change.set(&terms.cap, "cap", .money(currency))
            change.set(&terms.writeOffBasisPoints, "write_off_basis_points", .number(0...10_000))
            change.set(&terms.needsAuthorization, "needs_authorization", .flag)
            return terms
        }
        return payer
    }
}
