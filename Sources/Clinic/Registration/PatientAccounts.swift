/// Accounts of the portal: opened at registration, used after the e-mail is confirmed, locked after too many wrong
/// tokens, closed when the patient is not cared for any more.
extension Pathway {
    /// Opens an account; without an e-mail there is none.
    ///
    /// One that waits for its e-mail to be confirmed moves to another e-mail with a new token. One in use keeps its
    /// user name: whoever can change a patient's contact cannot take over their access.
    func openAccount(
        for patient: Patient, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let present = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue)
        guard present == nil || present?.state == .pendingVerification else { return }
        try open(patient.email, for: patient, command, in: state, into: &ruling)
    }

    /// A patient who came back, whose account was locked or whose token ran out proves again that the e-mail is
    /// theirs.
    func reopenAccount(
        for patient: Patient, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let present = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue)
        let end = try state.fetch(Credential.self, id: patient.mrn.rawValue)?.tokenExpiresAt
        switch present?.state {
        case .active: return
        case .pendingVerification: if let end, command.effectiveAt < end { return }
        case .locked, .closed, nil: break
        }
        try open(patient.email ?? present?.email, for: patient, command, in: state, into: &ruling)
    }

    private func open(
        _ address: String?, for patient: Patient, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard let email = address?.lowercased() else { return }
        let own = try state.records(of: patient.mrn)
        let others = try state.fetch(PatientAccount.self, where: .email(email)).filter {
            $0.mrn != patient.mrn && $0.state != .closed
        }
        // A record that was merged may hold it: then the patient has this account already.
        guard others.allSatisfy({ !own.contains($0.mrn) }) else { return }
        guard others.isEmpty else {
            return ruling.warn(
                .PatientRules.emailTaken, [.email], "the e-mail is the user name of another account; none was opened",
                mend: "give an e-mail of the patient's own", aside: "the account of \(others[0].mrn)")
        }
        let token = seals.token("verify-email", try state.next(.token))
        let known = try state.fetch(Credential.self, id: patient.mrn.rawValue)
        let passwordHash = command.passwordHash ?? known?.passwordHash
        let credential = Credential(
            mrn: patient.mrn, passwordHash: passwordHash, tokenSHA256: seals.sha256(Array(token.utf8)),
            tokenExpiresAt: command.now.adding(minutes: policy.tokenValidHours * 60))
        let account = PatientAccount(mrn: patient.mrn, email: email, openedAt: command.effectiveAt)
        ruling.record(
            Event(
                "account.opened", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [account, credential], note: passwordHash == nil ? "invitation" : nil, secret: token))
    }

    /// The e-mail was not the patient's: the token that was mailed to it opens nothing any more.
    func withdrawToken(of patient: Patient, _ command: Command, in state: any ClinicState, into ruling: inout Ruling)
        throws
    {
        guard let account = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue),
            account.state == .pendingVerification,
            var credential = try state.fetch(Credential.self, id: patient.mrn.rawValue), credential.tokenSHA256 != nil
        else { return }
        credential.tokenSHA256 = nil
        credential.tokenExpiresAt = nil
        ruling.record(
            Event(
                "account.token-withdrawn", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [credential]))
    }

    /// An account at an e-mail that came under a number merged into this one is not this patient's after an un-merge,
    /// nor need the password be.
    func closeForeignAccount(
        of old: Patient, whoIs patient: Patient, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard let email = old.email?.lowercased(), email != patient.email?.lowercased(),
            var account = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue),
            account.state != .closed, account.email == email
        else { return }
        account.state = .closed
        let credential = Credential(mrn: patient.mrn, passwordHash: nil, tokenSHA256: nil, tokenExpiresAt: nil)
        ruling.record(
            Event(
                "account.closed", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [account, credential], note: "its e-mail came under a number that was merged in error"))
    }

    /// The patient proves that the e-mail is theirs by the token that was mailed to it.
    func verifyEmail(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let patient = try identifyPatient(command, in: state, into: &ruling),
            let token = command.text(.token)
        else { return }
        let digest = seals.sha256(Array(token.utf8))
        let access = try access(of: patient, in: state)
        guard
            let index = access.firstIndex(where: {
                $0.account.state == .pendingVerification && $0.credential.tokenSHA256 == digest
            })
        else {
            let isLocked = access.contains { $0.account.state == .locked }
            return ruling.refuse(
                .PatientRules.tokenInvalid, [.token],
                isLocked
                    ? "the account is locked after too many wrong tokens" : "the token is not the one that was mailed",
                mend: isLocked
                    ? "REACTIVATE the patient: a new token is mailed"
                    : "use the link of the newest mail; REACTIVATE the patient to mail another",
                aside: "\(patient.mrn)")
        }
        var (account, credential) = access[index]
        if let end = credential.tokenExpiresAt, command.effectiveAt >= end {
            return ruling.refuse(
                .PatientRules.tokenExpired, [.token],
                "the token was mailed more than \(policy.tokenValidHours) hours ago",
                mend: "REACTIVATE the patient to mail another", aside: "it ended \(end)")
        }
        account.state = .active
        account.verifiedAt = command.effectiveAt
        account.failedAttempts = 0
        credential.spentTokenSHA256 = credential.tokenSHA256
        credential.tokenSHA256 = nil
        credential.tokenExpiresAt = nil
        credential.passwordHash = command.passwordHash ?? credential.passwordHash
        ruling.record(
            Event(
                "account.verified", .patient(account.mrn), patient: account.mrn, at: command.effectiveAt,
                writes: [account, credential]))
    }

    /// What a refused confirmation leaves behind: it counts as an attempt, and too many lock the account.
    ///
    /// The processor asks for it when the refusal is final, and applies it: a refused entry writes nothing itself.
    package func failedAttempt(for command: Command, findings: [Finding], in state: any ClinicState) throws -> Event? {
        guard command.form == .patient, command.action == Action("VERIFY_EMAIL"), let token = command.text(.token),
            findings.contains(where: { $0.rule == .PatientRules.tokenInvalid })
        else { return nil }
        var ignored = Ruling()
        guard let patient = try findPatient(command, in: state, into: &ignored) else { return nil }
        let digest = seals.sha256(Array(token.utf8))
        let access = try access(of: patient, in: state)
        // A link that is followed twice guesses nothing.
        guard !access.contains(where: { $0.credential.spentTokenSHA256 == digest }),
            var (account, credential) = access.first(where: { $0.account.state == .pendingVerification })
                ?? access.first(where: { $0.account.state == .active })
        else { return nil }
        account.failedAttempts += 1
        let isLocked = account.failedAttempts >= policy.tokenAttempts
        var writes: [any ClinicEntity] = []
        if isLocked {
            account.state = .locked
            credential.tokenSHA256 = nil
            credential.tokenExpiresAt = nil
            writes.append(credential)
        }
        return Event(
            isLocked ? "account.locked" : "account.token-refused", .patient(account.mrn), patient: account.mrn,
            at: command.effectiveAt, writes: [account] + writes,
            note: isLocked ? "\(account.failedAttempts) wrong tokens" : nil)
    }

    /// The accounts of a patient, of the standing record first and of those merged into it.
    private func access(of patient: Patient, in state: any ClinicState) throws
        -> [(account: PatientAccount, credential: Credential)]
    {
        try state.records(of: patient.mrn).compactMap { number in
            guard let account = try state.fetch(PatientAccount.self, id: number.rawValue),
                let credential = try state.fetch(Credential.self, id: number.rawValue)
            else { return nil }
            return (account, credential)
        }
    }
}
