# SPDX-License-Identifier: Apache-2.0
"""Writes a TensorFlow Lite file (identifier TFL3, schema version 3) from a Model.

    from tflite_writer import Model, Operator, Tensor, write_model
    write_model(Model(tensors, operators, inputs=[0], outputs=[7]), "net.tflite")

The file loads in TensorFlow Lite and TensorFlow Lite Micro: buffer 0 is empty, constants are aligned to
16 bytes, the operator table holds each (operator, version) once, both operator code fields are filled.
"""

from __future__ import annotations

from pathlib import Path

import flatbuffers
import numpy as np

import tflite_schema as schema
from tflite_model import Model, Operator, Tensor, check, converter_version

__all__ = ["Model", "Operator", "Tensor", "to_bytes", "write_model"]


def write_model(model: Model, path, **kwargs) -> None:
    """Writes the model to a file; the keywords are those of to_bytes."""
    Path(path).write_bytes(to_bytes(model, **kwargs))


def to_bytes(model: Model, *further_subgraphs: Model, checked: bool = True,
             schema_version: int = schema.SCHEMA_VERSION, identifier: bytes = schema.FILE_IDENTIFIER) -> bytes:
    """The file's bytes. Raises ValueError where the model is wrong, unless checked is False.

    further_subgraphs, schema_version and identifier exist for tests of readers that must refuse a file.
    """
    graphs = (model, *further_subgraphs)
    if checked:
        for graph in graphs:
            check(graph)
    return bytes(_Writer(graphs).finish(schema_version, identifier))


class _Writer:
    def __init__(self, graphs):
        self.builder = flatbuffers.Builder(1024)
        self.graphs = graphs
        self.buffers = [b""]
        self.operator_codes = []
        self.zero_points = {}

    def finish(self, schema_version, identifier):
        subgraphs = [self._subgraph(graph) for graph in self.graphs]
        subgraphs = self._offsets(subgraphs)
        codes = self._offsets([self._operator_code(*code) for code in self.operator_codes])
        buffers = self._offsets([self._buffer(data) for data in self.buffers])
        description = self.builder.CreateString(self.graphs[0].description)
        model = self._table(schema.Model.FIELDS, [
            (schema.Model.VERSION, "uint32", schema_version, 0),
            (schema.Model.OPERATOR_CODES, "offset", codes, 0),
            (schema.Model.SUBGRAPHS, "offset", subgraphs, 0),
            (schema.Model.DESCRIPTION, "offset", description, 0),
            (schema.Model.BUFFERS, "offset", buffers, 0),
        ])
        self.builder.Finish(model, file_identifier=identifier)
        return self.builder.Output()

    def _table(self, field_count, fields):
        prepend = {
            "offset": self.builder.PrependUOffsetTRelativeSlot, "bool": self.builder.PrependBoolSlot,
            "int8": self.builder.PrependInt8Slot, "uint8": self.builder.PrependUint8Slot,
            "int32": self.builder.PrependInt32Slot, "uint32": self.builder.PrependUint32Slot,
            "int64": self.builder.PrependInt64Slot, "float32": self.builder.PrependFloat32Slot,
        }
        self.builder.StartObject(field_count)
        for field_id, kind, value, default in fields:
            prepend[kind](field_id, value, default)
        return self.builder.EndObject()

    def _vector(self, values, dtype, alignment=None):
        raw = np.asarray(values, dtype).tobytes()
        size = np.dtype(dtype).itemsize
        self.builder.StartVector(size, len(raw) // size, alignment or size)
        self.builder.head -= len(raw)
        self.builder.Bytes[self.builder.head:self.builder.head + len(raw)] = raw
        return self.builder.EndVector()

    def _offsets(self, offsets):
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return self.builder.EndVector()

    def _buffer(self, data):
        vector = self._vector(np.frombuffer(data, np.uint8), np.uint8, schema.BUFFER_ALIGNMENT) if data else 0
        return self._table(schema.Buffer.FIELDS, [(schema.Buffer.DATA, "offset", vector, 0)])

    def _operator_code(self, code, version, custom_code):
        number = schema.BUILTIN_OPERATORS[code]
        limit = schema.BUILTIN_OPERATORS["PLACEHOLDER_FOR_GREATER_OP_CODES"]
        custom = self.builder.CreateString(custom_code) if custom_code else 0
        return self._table(schema.OperatorCode.FIELDS, [
            (schema.OperatorCode.DEPRECATED_BUILTIN_CODE, "int8", min(number, limit), 0),
            (schema.OperatorCode.CUSTOM_CODE, "offset", custom, 0),
            (schema.OperatorCode.VERSION, "int32", version, 1),
            (schema.OperatorCode.BUILTIN_CODE, "int32", number, 0),
        ])

    def _subgraph(self, graph):
        tensors = self._offsets([self._tensor(tensor) for tensor in graph.tensors])
        operators = self._offsets([self._operator(graph, operator) for operator in graph.operators])
        inputs = self._vector(graph.inputs, "<i4")
        outputs = self._vector(graph.outputs, "<i4")
        name = self.builder.CreateString(graph.name)
        return self._table(schema.SubGraph.FIELDS, [
            (schema.SubGraph.TENSORS, "offset", tensors, 0),
            (schema.SubGraph.INPUTS, "offset", inputs, 0),
            (schema.SubGraph.OUTPUTS, "offset", outputs, 0),
            (schema.SubGraph.OPERATORS, "offset", operators, 0),
            (schema.SubGraph.NAME, "offset", name, 0),
        ])

    def _tensor(self, tensor):
        buffer = 0
        if tensor.data is not None:
            buffer = len(self.buffers)
            self.buffers.append(tensor.data_bytes())
        name = self.builder.CreateString(tensor.name)
        shape = self._vector(tensor.shape, "<i4")
        signature = self._vector(tensor.shape_signature, "<i4") if tensor.shape_signature else 0
        quantization = self._quantization(tensor)
        sparsity = 0
        if tensor.sparse:
            order = self._vector(range(len(tensor.shape)), "<i4")
            sparsity = self._table(schema.Sparsity.FIELDS, [(schema.Sparsity.TRAVERSAL_ORDER, "offset", order, 0)])
        return self._table(schema.Tensor.FIELDS, [
            (schema.Tensor.SHAPE, "offset", shape, 0),
            (schema.Tensor.BUFFER, "uint32", buffer if tensor.buffer is None else tensor.buffer, 0),
            (schema.Tensor.NAME, "offset", name, 0),
            (schema.Tensor.QUANTIZATION, "offset", quantization, 0),
            (schema.Tensor.SPARSITY, "offset", sparsity, 0),
            (schema.Tensor.SHAPE_SIGNATURE, "offset", signature, 0),
            (schema.Tensor.TYPE, "int8", schema.TENSOR_TYPES[tensor.type], 0),
            (schema.Tensor.IS_VARIABLE, "bool", tensor.is_variable, False),
            (schema.Tensor.HAS_RANK, "bool", True, False),
        ])

    def _quantization(self, tensor):
        if not tensor.scale:
            return 0
        scale = self._vector(tensor.scale, "<f4")
        zero_point = self._zero_points(tensor.zero_point)
        return self._table(schema.Quantization.FIELDS, [
            (schema.Quantization.SCALE, "offset", scale, 0),
            (schema.Quantization.ZERO_POINT, "offset", zero_point, 0),
            (schema.Quantization.QUANTIZED_DIMENSION, "int32", tensor.quantized_dimension, 0),
        ])

    def _zero_points(self, values):
        """The vector's offset. Equal vectors are stored once: of weights quantized per channel they are the
        largest part of a tensor's description, and all zeros."""
        values = tuple(values)
        if values not in self.zero_points:
            self.zero_points[values] = self._vector(values, "<i8")
        return self.zero_points[values]

    def _operator(self, graph, operator):
        version = operator.version if operator.version is not None else converter_version(graph, operator)
        code = (operator.code, version, operator.custom_code)
        if code not in self.operator_codes:
            self.operator_codes.append(code)
        union_id, options = self._options(operator)
        inputs = self._vector(operator.inputs, "<i4")
        outputs = self._vector(operator.outputs, "<i4")
        return self._table(schema.Operator.FIELDS, [
            (schema.Operator.OPCODE_INDEX, "uint32", self.operator_codes.index(code), 0),
            (schema.Operator.INPUTS, "offset", inputs, 0),
            (schema.Operator.OUTPUTS, "offset", outputs, 0),
            (schema.Operator.OPTIONS_TYPE, "uint8", union_id, 0),
            (schema.Operator.OPTIONS, "offset", options, 0),
        ])

    def _options(self, operator):
        if operator.code not in schema.OPTIONS or operator.options is None:
            return 0, 0
        union_id, known = schema.OPTIONS[operator.code]
        unknown = set(operator.options) - set(known)
        if unknown:
            raise ValueError(f"{operator.code} has no option {sorted(unknown)}; it has {sorted(known)}")
        fields = []
        for name, value in operator.options.items():
            field = known[name]
            if field.kind.startswith("["):
                if value is not None:
                    fields.append((field.id, "offset", self._vector(value, "<i4"), 0))
            elif field.kind in schema.ENUMS:
                numbers = schema.ENUMS[field.kind]
                fields.append((field.id, "int8", numbers[value], numbers[field.default]))
            else:
                fields.append((field.id, field.kind, value, field.default))
        return union_id, self._table(max([f.id + 1 for f in known.values()], default=0), fields)
