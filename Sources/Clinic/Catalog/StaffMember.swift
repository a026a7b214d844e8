/// Somebody who works in the clinic.
package struct StaffMember: Hashable, Sendable, Codable {
    package enum Role: String, Sendable, Codable {
        case surgeon = "SURGEON"
        case anesthetist = "ANESTHETIST"
        case nurse = "NURSE"
        case finance = "FINANCE"
        case frontDesk = "FRONT_DESK"
        case administrator = "ADMINISTRATOR"
    }

    package var id: StaffID
    package var name: String
    package var role: Role
    /// What a surgeon may operate, whatever the day.
    package var privileges: [ProcedureCode]
    /// What a surgeon may operate from a day on, or up to one.
    package var datedPrivileges: [DatedPrivilege] = []
    /// What theater sessions may be kept for, such as `BREAST`.
    package var specialty: String?
    package var licenceFrom: CalendarDate?
    package var licenceUntil: CalendarDate?
    package var indemnityFrom: CalendarDate?
    package var indemnityUntil: CalendarDate?
    /// Further permissions, such as `CLEAR`, `WAIVE`, `APPROVE_REFUND`.
    package var permissions: [String]
    /// Rules that this member may override without the permission `OVERRIDE`, by their codes.
    package var overrides: [String] = []
    package var email: String?

    package init(
        id: StaffID, name: String, role: Role, privileges: [ProcedureCode] = [], licenceUntil: CalendarDate? = nil,
        indemnityUntil: CalendarDate? = nil, permissions: [String] = []
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.privileges = privileges
        self.licenceUntil = licenceUntil
        self.indemnityUntil = indemnityUntil
        self.permissions = permissions
    }
}

/// A privilege with the days between which it stands, both included.
package struct DatedPrivilege: Hashable, Sendable, Codable {
    package var procedure: ProcedureCode
    package var from: CalendarDate?
    package var until: CalendarDate?

    package init(procedure: ProcedureCode, from: CalendarDate? = nil, until: CalendarDate? = nil) {
        self.procedure = procedure
        self.from = from
        self.until = until
    }

    func stands(on day: CalendarDate) -> Bool { from.map { $0 <= day } ?? true && until.map { day <= $0 } ?? true }
}

extension StaffMember {
    package func mayPerform(_ procedure: ProcedureCode, on day: CalendarDate) -> Bool {
        privileges.contains(procedure)
            || datedPrivileges.contains { $0.procedure == procedure && $0.stands(on: day) }
    }

    package func mayOverride(_ code: String) -> Bool { permissions.contains("OVERRIDE") || overrides.contains(code) }

    /// What is lacking for operating on a day: privileges by their codes, licence and indemnity by their days.
    package func gaps(for procedures: [ProcedureCode], on day: CalendarDate) -> [String] {
        var gaps = procedures.filter { !mayPerform($0, on: day) }.map(\.rawValue)
        if let start = licenceFrom, day < start { gaps.append("licence from \(start)") }
        if let end = licenceUntil, end < day { gaps.append("licence until \(end)") }
        if let start = indemnityFrom, day < start { gaps.append("indemnity from \(start)") }
        if let end = indemnityUntil, end < day { gaps.append("indemnity until \(end)") }
        return gaps
    }

    /// The first day after one on which nothing is lacking, as far as the staff list knows.
    package func firstDay(for procedures: [ProcedureCode], after day: CalendarDate) -> CalendarDate? {
        let starts = [licenceFrom, indemnityFrom] + datedPrivileges.map(\.from)
        return starts.compactMap(\.self).filter { day < $0 }.sorted().first { gaps(for: procedures, on: $0).isEmpty }
    }
}
