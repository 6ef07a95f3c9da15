"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('beat',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_beat'))
    )
    op.create_table('covenant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('term_start', sa.Date(), nullable=True),
    sa.Column('term_end', sa.Date(), nullable=True),
    sa.Column('renews', sa.Boolean(), nullable=False),
    sa.Column('live_since', sa.Date(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by', sa.String(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('reply_to', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('signature', sa.String(), nullable=False),
    sa.Column('overrides', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_covenant')),
    sa.UniqueConstraint('slug', name=op.f('uq_covenant_slug'))
    )
    op.create_table('installation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )
    op.create_table('outbox_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_pause'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', 'name', name=op.f('uq_person_email_name'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_email'), ['email'], unique=False)

    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_person_id'), ['person_id'], unique=False)

    op.create_table('agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('theme', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('trekker', sa.String(), nullable=False),
    sa.Column('leads', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('agenda_topic', sa.String(), nullable=False),
    sa.Column('agenda_text', sa.String(), nullable=False),
    sa.Column('agenda_trekker', sa.String(), nullable=False),
    sa.Column('agenda_leads', sa.JSON(), nullable=False),
    sa.Column('agenda_date', sa.String(), nullable=False),
    sa.Column('agenda_source', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_agreement_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('covenant_id', 'number', name=op.f('uq_agreement_covenant_id_number'))
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_decision_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_covenant_id'), ['covenant_id'], unique=False)

    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_document_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_covenant_id'), ['covenant_id'], unique=False)

    op.create_table('feed_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_feed_link_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_feed_link_token_hash'))
    )
    with op.batch_alter_table('feed_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_link_person_id'), ['person_id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_letter_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('covenant_id', 'year', name=op.f('uq_letter_covenant_id_year'))
    )
    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('covenant_id', sa.Integer(), nullable=True),
    sa.Column('to', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('envelope_from', sa.String(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('uncertain', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_answer', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_message_covenant_id_covenant')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('key', name=op.f('uq_message_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_message_message_id'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_covenant_id'), ['covenant_id'], unique=False)
        batch_op.create_index('ix_message_person_id_state', ['person_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_sent_at'), ['sent_at'], unique=False)
        batch_op.create_index('ix_message_state_next_try_at', ['state', 'next_try_at'], unique=False)

    op.create_table('party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_party_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party')),
    sa.UniqueConstraint('covenant_id', 'slug', name=op.f('uq_party_covenant_id_slug'))
    )
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_covenant_id'), ['covenant_id'], unique=False)

    op.create_table('party_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('members', sa.JSON(), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_party_group_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_group')),
    sa.UniqueConstraint('covenant_id', 'slug', name=op.f('uq_party_group_covenant_id_slug'))
    )
    with op.batch_alter_table('party_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_group_covenant_id'), ['covenant_id'], unique=False)

    op.create_table('deadline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('covenant_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('origin_ref', sa.String(), nullable=False),
    sa.Column('occurrence', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('todo', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('theme', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('phrase', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('via', sa.String(), nullable=False),
    sa.Column('agreements', sa.JSON(), nullable=False),
    sa.Column('joint', sa.Boolean(), nullable=False),
    sa.Column('invented', sa.Boolean(), nullable=False),
    sa.Column('doubtful', sa.Boolean(), nullable=False),
    sa.Column('window_start', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('moved_from', sa.Date(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('meeting_day', sa.Date(), nullable=True),
    sa.Column('meeting_start', sa.Time(), nullable=True),
    sa.Column('meeting_end', sa.Time(), nullable=True),
    sa.Column('meeting_place', sa.String(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_moment', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_deadline_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['covenant_id'], ['covenant.id'], name=op.f('fk_deadline_covenant_id_covenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline')),
    sa.UniqueConstraint('covenant_id', 'origin', 'origin_ref', 'occurrence', name=op.f('uq_deadline_covenant_id_origin_origin_ref_occurrence')),
    sa.UniqueConstraint('uid', name=op.f('uq_deadline_uid'))
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deadline_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deadline_next_moment'), ['next_moment'], unique=False)

    op.create_table('letter_addressee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_addressee_letter_id_letter')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_letter_addressee_message_id_message')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_addressee_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_addressee')),
    sa.UniqueConstraint('letter_id', 'party', name=op.f('uq_letter_addressee_letter_id_party'))
    )
    with op.batch_alter_table('letter_addressee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_addressee_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_addressee_person_id'), ['person_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('agreements', sa.JSON(), nullable=False),
    sa.Column('themes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_membership_party_id_party')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('person_id', 'party_id', 'role', name=op.f('uq_membership_person_id_party_id_role'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_person_id'), ['person_id'], unique=False)

    op.create_table('reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('phrase', sa.String(), nullable=False),
    sa.Column('from_agenda', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('window_start', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('per_year', sa.Float(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('doubtful', sa.Boolean(), nullable=False),
    sa.Column('others', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('confirmed_by', sa.String(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_reading_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reading')),
    sa.UniqueConstraint('agreement_id', 'ref', name=op.f('uq_reading_agreement_id_ref'))
    )
    op.create_table('deadline_party',
    sa.Column('deadline_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(), nullable=False),
    sa.Column('light', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_deadline_party_deadline_id_deadline')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_deadline_party_party_id_party')),
    sa.PrimaryKeyConstraint('deadline_id', 'party_id', 'part', name=op.f('pk_deadline_party'))
    )
    with op.batch_alter_table('deadline_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deadline_party_party_id'), ['party_id'], unique=False)

    op.create_table('reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deadline_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('counted_from', sa.Date(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_reminder_deadline_id_deadline')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_reminder_message_id_message')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('deadline_id', 'party', 'person_id', 'rung', 'counted_from', name=op.f('uq_reminder_deadline_id_party_person_id_rung_counted_from'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reminder_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_person_id'))
        batch_op.drop_index(batch_op.f('ix_reminder_message_id'))

    op.drop_table('reminder')
    with op.batch_alter_table('deadline_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deadline_party_party_id'))

    op.drop_table('deadline_party')
    op.drop_table('reading')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_person_id'))
        batch_op.drop_index(batch_op.f('ix_membership_party_id'))

    op.drop_table('membership')
    with op.batch_alter_table('letter_addressee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_addressee_person_id'))
        batch_op.drop_index(batch_op.f('ix_letter_addressee_message_id'))

    op.drop_table('letter_addressee')
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deadline_next_moment'))
        batch_op.drop_index(batch_op.f('ix_deadline_agreement_id'))

    op.drop_table('deadline')
    with op.batch_alter_table('party_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_party_group_covenant_id'))

    op.drop_table('party_group')
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_party_covenant_id'))

    op.drop_table('party')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_state_next_try_at')
        batch_op.drop_index(batch_op.f('ix_message_sent_at'))
        batch_op.drop_index('ix_message_person_id_state')
        batch_op.drop_index(batch_op.f('ix_message_covenant_id'))

    op.drop_table('message')
    op.drop_table('letter')
    with op.batch_alter_table('feed_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_link_person_id'))

    op.drop_table('feed_link')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_covenant_id'))

    op.drop_table('document')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_covenant_id'))

    op.drop_table('decision')
    op.drop_table('agreement')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_person_id'))

    op.drop_table('absence')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_email'))

    op.drop_table('person')
    op.drop_table('outbox_pause')
    op.drop_table('installation')
    op.drop_table('covenant')
    op.drop_table('beat')
