"""The project's errors: one tree, each class with a stable address and what to do next.

PeelgraphError
├── UsageError              the call itself is wrong                       exit 2
│   ├── UnknownQuery        no saved query has that name
│   ├── EngineMissing       an optional engine that was asked for is not installed
│   ├── UnknownToken        no token has that id
│   └── ParameterMissing    a saved query lacks a parameter, or got a wrong one
├── InputError              a source is missing or unreadable              exit 3
│   ├── SourceMissing       no file, folder or address there
│   ├── SourceUnreadable    bytes that are no text of a known encoding or type
│   ├── NotAReport          text that is no PEEL report, or a cut one
│   ├── UnknownCycle        a report of a cycle the tables do not know
│   ├── UnknownForce        a force name the tables do not know
│   ├── TableError          a bundled or given table breaks a rule
│   ├── RdfSyntaxError      RDF that does not parse
│   └── BackupDamaged       a backup that was cut or changed, or is none
├── NotConforming           data breaks a shape                            exit 1
├── VersionError            the store or a version cannot be used          exit 4
│   ├── NoVersion           nothing has been published yet
│   ├── UnknownVersion      no version has that name
│   ├── VersionDamaged      a version's files do not match its manifest
│   ├── BaseDiffers         the data folder has another base IRI
│   ├── DataBusy            another writer holds the data folder
│   ├── DumpsPending        the files of a version are being made
│   ├── DataUnwritable      the disk is full or the folder not writable
│   ├── UnknownGraph        the version has no graph of that name
│   ├── GraphChanged        a graph is not what the writer thought it to be
│   └── AddressBusy         the port to serve on is taken
├── NetworkError            a fetch or a remote engine failed              exit 5
│   ├── AddressRefused      an address that is never fetched: scheme, host, private network
│   ├── RobotsRefused       the site asks programs not to fetch that page
│   ├── Unreachable         no connection, or one that was cut
│   ├── FetchTimeout        the page did not arrive in time
│   ├── FetchTooLarge       the page is larger than any report
│   ├── StatusRefused       the site answered with an error
│   ├── EngineUnavailable   the remote engine cannot be reached, or is too busy
│   └── EngineFault         the remote engine gave an error, or no whole answer
├── LimitError              a limit was reached                            exit 6
│   ├── QueryTimeout        a query ran past its deadline
│   ├── QueryMemory         a query needed more memory than it may have
│   ├── QueryCrashed        a query ended its worker process
│   ├── ResultTooLarge      an answer grew past its byte limit
│   ├── ReadingStopped      a page ended, or held up, the process that read it
│   ├── ValidationTimeout   checking data against the shapes took too long
│   ├── CallerGone          whoever asked broke the connection off
│   └── ServerBusy          no worker came free in time
│       └── ClientLimit     one address has used up what it may use in a minute
└── QueryError              a query is refused before it runs              exit 2
    ├── QuerySyntax         it is not SPARQL
    ├── QueryTooDeep        brackets nest deeper than the limit
    ├── ResultUnwritable    its answer holds what the format asked for cannot say
    ├── UpdateFailed        an update asks for what cannot be done
    ├── GraphKept           a change to a graph that the program itself keeps
    └── QueryForbidden      SERVICE or LOAD, which this service never runs
"""

from peelgraph.graph.errors.base import (
    PeelgraphError,
    kinds,
)
from peelgraph.graph.errors.inputs import (
    BackupDamaged,
    EngineMissing,
    InputError,
    NotAReport,
    NotConforming,
    ParameterMissing,
    RdfSyntaxError,
    SourceMissing,
    SourceUnreadable,
    TableError,
    UnknownCycle,
    UnknownForce,
    UnknownQuery,
    UnknownToken,
    UsageError,
)
from peelgraph.graph.errors.network import (
    AddressRefused,
    EngineFault,
    EngineUnavailable,
    FetchTimeout,
    FetchTooLarge,
    NetworkError,
    RobotsRefused,
    StatusRefused,
    Unreachable,
)
from peelgraph.graph.errors.queries import (
    CallerGone,
    ClientLimit,
    GraphKept,
    LimitError,
    QueryCrashed,
    QueryError,
    QueryForbidden,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooDeep,
    ReadingStopped,
    ResultTooLarge,
    ResultUnwritable,
    ServerBusy,
    UpdateFailed,
    ValidationTimeout,
)
from peelgraph.graph.errors.versions import (
    AddressBusy,
    BaseDiffers,
    DataBusy,
    DataUnwritable,
    DumpsPending,
    GraphChanged,
    NoVersion,
    UnknownGraph,
    UnknownVersion,
    VersionDamaged,
    VersionError,
)

__all__ = [
    "AddressBusy",
    "AddressRefused",
    "BackupDamaged",
    "BaseDiffers",
    "CallerGone",
    "ClientLimit",
    "DataBusy",
    "DataUnwritable",
    "DumpsPending",
    "EngineFault",
    "EngineMissing",
    "EngineUnavailable",
    "FetchTimeout",
    "FetchTooLarge",
    "GraphChanged",
    "GraphKept",
    "InputError",
    "LimitError",
    "NetworkError",
    "NoVersion",
    "NotAReport",
    "NotConforming",
    "ParameterMissing",
    "PeelgraphError",
    "QueryCrashed",
    "QueryError",
    "QueryForbidden",
    "QueryMemory",
    "QuerySyntax",
    "QueryTimeout",
    "QueryTooDeep",
    "RdfSyntaxError",
    "ReadingStopped",
    "ResultTooLarge",
    "ResultUnwritable",
    "RobotsRefused",
    "ServerBusy",
    "SourceMissing",
    "SourceUnreadable",
    "StatusRefused",
    "TableError",
    "UnknownCycle",
    "UnknownForce",
    "UnknownGraph",
    "UnknownQuery",
    "UnknownToken",
    "UnknownVersion",
    "Unreachable",
    "UpdateFailed",
    "UsageError",
    "ValidationTimeout",
    "VersionDamaged",
    "VersionError",
    "kinds",
]
