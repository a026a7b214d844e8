import ArgumentParser
import DurableFiles
import Foundation
import Processor
import Records

/// The program's exit codes, after sysexits.h.
enum ExitStatus {
    /// Rejections, where they were asked to count as failure.
    static let rejected = ExitCode(1)
    /// EX_DATAERR: the data given has faults.
    static let data = ExitCode(65)
    /// EX_NOINPUT: a file that was named cannot be read.
    static let noInput = ExitCode(66)
    /// EX_UNAVAILABLE: a port cannot be listened on.
    static let unavailable = ExitCode(69)
    /// EX_SOFTWARE: a fault of the program.
    static let software = ExitCode(70)
    /// EX_IOERR: the disk failed; nothing is retried, a new start reads again.
    static let disk = ExitCode(74)
    /// EX_TEMPFAIL: another processor holds the workspace.
    static let busy = ExitCode(75)
    /// EX_CONFIG: the workspace's configuration has faults.
    static let configuration = ExitCode(78)

    /// Runs a command's work and turns what went wrong into a message and a code.
    static func reporting(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch let faults as ConfigurationFaults {
            complain("\(faults)")
            throw configuration
        } catch let fault as WorkspaceFault {
            complain("suture: \(fault)")
            throw configuration
        } catch is WorkspaceBusy {
            complain("suture: another processor holds this workspace")
            throw busy
        } catch let fault as FileFault {
            complain("suture: \(fault)")
            throw fault.act == .open || fault.act == .list ? noInput : disk
        } catch let failure as DiskFailure {
            complain("suture: \(failure)")
            throw disk
        } catch {
            complain("suture: \(error)")
            throw software
        }
    }

    /// Says that the disk failed and ends the process as it stands: nothing is closed, and so nothing is tried again.
    static func stopAtOnce(_ failure: DiskFailure) -> Never {
        complain("suture: \(failure)")
        fflush(nil)
        _exit(disk.rawValue)
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
