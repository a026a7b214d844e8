import Clinic
import Foundation

/// Writes a catalog as the folder `clinic/` that says the same.
struct ClinicFolder {
    let catalog: Catalog
    /// The folders of the inbox, each of which may drop every form.
    let sources: [SourceName]

    func write(to folder: URL) throws {
        let files = [
            "clinic.yml": clinic, "procedures.yml": procedures, "items.csv": items, "staff.yml": staff,
            "payers.yml": payers,
        ]
        let consents = folder.appendingPathComponent("consents")
        try FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: consents, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        for template in catalog.templates {
            try Data(text(of: template).utf8).write(to: consents.appendingPathComponent("\(template.name).md"))
        }
    }

    private func money(_ amount: Money) -> String { catalog.currency.decimal(amount) }

    private func clock(_ minutes: Int) -> String { String(format: "%02d:%02d", minutes / 60, minutes % 60) }

    private func weekdays(_ days: [Int]) -> String {
        list(days.map { ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"][$0 - 1] })
    }

    private func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

    private var clinic: String {
        let identity = catalog.clinic
        var text = """
            clinic:
              name: \(identity.name)
              address: \(list(identity.address))
              country: \(identity.country)
              email: \(identity.email)
              phone: \(identity.phone)
              tax_number: \(identity.taxNumber)
              currency: \(identity.currency.code)
              zone: UTC
            policy:
              anesthesia_base: \(money(catalog.policy.anesthesiaBase))
              anesthesia_per_quarter_hour: \(money(catalog.policy.anesthesiaPerQuarterHour))
              late_after_days: \(catalog.policy.lateAfterDays)
            equipment:

            """
        for piece in catalog.equipment.values.sorted(by: { $0.id < $1.id }) {
            text += "  - {id: \(piece.id), name: \(piece.name)}\n"
        }
        let theaters = catalog.theaters.values.sorted { $0.id < $1.id }
        for piece in Set(theaters.flatMap(\.equipment)).sorted() {
            text += "  - {id: \(piece), name: \(piece), built_in: true}\n"
        }
        text += "theaters:\n"
        for theater in theaters {
            text += """
                  - id: \(theater.id)
                    name: \(theater.name)
                    equipment: \(list(theater.equipment))
                    weekdays: \(weekdays(theater.weekdays))
                    opens_at: \(clock(theater.opensAt))
                    closes_at: \(clock(theater.closesAt))

                """
        }
        text += "sources:\n"
        let forms =
            "registration, patient, consultation, plan, consent, preop, case, inventory, payment, bill, decision, records"
        for source in sources { text += "  - {name: \(source), forms: [\(forms)]}\n" }
        return text
    }

    private var procedures: String {
        var text = "requirements:\n"
        for requirement in catalog.requirements.values.sorted(by: { $0.code < $1.code }) {
            let loinc = requirement.loinc.map { ", loinc: \($0)" } ?? ""
            text +=
                "  - {code: \(requirement.code), name: \(requirement.name), kind: \(requirement.kind.rawValue), "
                + "valid_days: \(requirement.validDays)\(loinc)}\n"
        }
        text += "procedures:\n"
        for procedure in catalog.procedures.values.sorted(by: { $0.code < $1.code }) {
            let items = procedure.items.map { "{sku: \($0.sku), quantity: \($0.quantity), per_side: \($0.perSide)}" }
            text += """
                  - code: \(procedure.code)
                    name: \(procedure.name)
                    paired: \(procedure.isPaired)
                    minutes: \(procedure.minutes)
                    price: \(money(procedure.price))
                    anesthesia: \(procedure.anesthesia.rawValue)
                    items: \(list(items))
                    requirements: \(list(procedure.requirements.map(\.rawValue)))
                    equipment: \(list(procedure.equipment))

                """
        }
        return text
    }

    private var items: String {
        var text = "sku,gtin,name,tracking,implant,price,materials,manufacturer\n"
        for item in catalog.items.values.sorted(by: { $0.sku < $1.sku }) {
            text +=
                [
                    item.sku.rawValue, item.gtin ?? "", item.name, item.tracking.rawValue, "\(item.isImplant)",
                    item.price.map(money) ?? "", item.materials.joined(separator: ";"), item.manufacturer ?? "",
                ].joined(separator: ",") + "\n"
        }
        return text
    }

    private var staff: String {
        var text = "staff:\n"
        for member in catalog.staff.values.sorted(by: { $0.id < $1.id }) {
            text += "  - id: \(member.id)\n    name: \(member.name)\n    role: \(member.role.rawValue)\n"
            text += "    privileges: \(list(member.privileges.map(\.rawValue)))\n"
            text += "    permissions: \(list(member.permissions))\n"
            if let until = member.licenceUntil { text += "    licence_until: \(until)\n" }
            if let until = member.indemnityUntil { text += "    indemnity_until: \(until)\n" }
        }
        return text
    }

    private var payers: String {
        var text = "payers:\n"
        for payer in catalog.payers.values.sorted(by: { $0.id < $1.id }) {
            text += """
                  - id: \(payer.id)
                    name: \(payer.name)
                    basis_points: \(payer.basisPoints)
                    deductible: \(money(payer.deductible))
                    write_off_basis_points: \(payer.writeOffBasisPoints)
                    needs_authorization: \(payer.needsAuthorization)

                """
            if let cap = payer.cap { text += "    cap: \(money(cap))\n" }
        }
        return text
    }

    private func text(of template: ConsentTemplate) -> String {
        """
        ---
        template: \(template.name)
        version: \(template.version)
        title: \(template.title)
        kind: \(template.kind.rawValue)
        procedures: \(list(template.procedures.map(\.rawValue)))
        parties: \(list(template.parties.map(\.rawValue)))
        effective_from: \(template.effectiveFrom)
        language: \(template.language)
        ---

        """ + template.body
    }
}
